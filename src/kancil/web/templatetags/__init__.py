"""What the pages' templates may say and how they write amounts, times and identifiers."""
