"""Limits on the use of exhibits: which stand, what they forbid, what in a case rests on them."""
