"""What becomes of the rows of a spreadsheet, planned before anything is written."""
