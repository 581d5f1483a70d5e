"""Protocol files: read, checked, translated; those that come with Kancil."""
