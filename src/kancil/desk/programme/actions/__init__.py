"""What is done in the programme's books: each act is one transaction with its line of record."""
