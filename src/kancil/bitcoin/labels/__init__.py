"""Labels of addresses: read from publishers' formats, stored, found again with their authority."""
