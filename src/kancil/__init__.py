"""Kancil: the offline-first workbench of national cybercrime units."""

__version__ = "0.2.0"
