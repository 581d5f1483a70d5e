"""Tables of a year as a workbook."""
