"""Studies of the desk: chains, labels and traces for the pages. Bitcoin below computes."""
