"""Requests of the cases: drafts in files named by their digest, all else in the ledger."""
