"""How much of an address's or cluster's coins met which labels."""
