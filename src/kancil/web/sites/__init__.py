"""Sites of the web."""
