"""Commands of a classroom read its books: Django stands, whichever file is collected first."""
