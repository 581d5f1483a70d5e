"""The books of the programme: activities, people, donors, grants, spending and results."""
