"""Casework: reports about cases. They never read the programme's books."""
