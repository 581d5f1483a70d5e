"""Activities and what hangs on them: rows as a person sees them, and what is done to them."""
