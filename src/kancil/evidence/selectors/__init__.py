"""Selectors in the bytes of a disk: addresses, accounts and names, and what moves money."""
