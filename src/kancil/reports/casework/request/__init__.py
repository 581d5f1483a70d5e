"""What leaves of a request: the printed letter in one or two languages, and its machine forms."""
