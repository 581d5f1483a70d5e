"""Packages of figures that other sites sent: kept as they came, by keys whose site is known."""
