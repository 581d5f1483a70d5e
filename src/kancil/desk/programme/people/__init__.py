"""Whom the programme works with: organisations, and adults who take part."""
