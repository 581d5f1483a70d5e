"""A document as plain values, and what makes a PDF, a web page or a text document of it."""
