"""Pages of label sources: who says what of addresses, and where each row comes from."""
