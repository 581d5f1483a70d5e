"""What stands in the programme's books, as far as a person may see it."""
