"""Officers' notes, read from the entries of their case; no table repeats them."""
