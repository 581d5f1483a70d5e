"""People of the web."""
