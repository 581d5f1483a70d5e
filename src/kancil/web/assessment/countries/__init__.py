"""Pages of countries: their board, what they released, the region compared."""
