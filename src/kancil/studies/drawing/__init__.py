"""A result drawn: what flows where, where boxes stand, the words in them, the picture."""
