"""The trace as a study: its question and parameters, its run, its tables, what it cites."""
