"""Addresses that are spent together: joined, kept beside a chain, shown with their links."""
