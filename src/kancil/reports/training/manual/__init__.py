"""Courses on paper: the trainee's and the trainer's manual, and slides."""
