"""People of the desk: accounts, what each may do, and who belongs to which case."""
