"""Change as a study: which output of a transaction heuristics name as change."""
