"""What is done in the classroom: each act in one transaction, with its entries where it has any."""
