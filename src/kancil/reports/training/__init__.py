"""Documents of the classroom."""
