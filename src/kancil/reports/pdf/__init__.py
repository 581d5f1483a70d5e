"""PDF: data and a template become a printed document, signed and checked. It knows no case."""
