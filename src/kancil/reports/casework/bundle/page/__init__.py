"""The page a judge opens: its parts, the code that joins them, and the joined page."""
