"""The programme as an IATI file: published, imported, undone."""
