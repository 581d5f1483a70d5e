"""Requests to those who hold money or data, and the law they stand on."""
