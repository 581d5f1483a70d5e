"""Two pages for a minister."""
