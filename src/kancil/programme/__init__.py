"""The craft of technical assistance: what is delivered, counted and published."""
