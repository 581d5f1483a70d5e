"""Certificates: Open Badges 3.0, checked without a network; what was revoked."""
