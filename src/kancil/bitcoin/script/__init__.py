"""Scripts and addresses: their kinds, their codes with the position of an error."""
