"""A round as a workbook for Excel: its answers by protocol, its gaps and its plan."""
