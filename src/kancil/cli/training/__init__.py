"""Commands of the classroom: labs, courses, certificates."""
