"""Protocols as forms of others' tools, and the sheets of answers that come back."""
