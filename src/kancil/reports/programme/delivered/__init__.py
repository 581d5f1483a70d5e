"""What the programme did in a country, on one page."""
