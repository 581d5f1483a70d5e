"""A study that Kancil does not have: all that adding one takes, but for one line of the tuple."""
