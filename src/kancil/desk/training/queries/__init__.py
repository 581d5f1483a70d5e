"""What the classroom's pages read."""
