"""Kancil: the offline-first workbench of national cybercrime units."""

__version__ = "0.3.0"
