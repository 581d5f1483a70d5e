"""Pages of a country's law: extracts, the legal matrix, treaties, the road map."""
