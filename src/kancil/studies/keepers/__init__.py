"""Keepers that money met: who can hold it, by whose word, and the facts of a letter that asks."""
