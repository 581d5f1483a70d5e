"""verify-certificate.html: its parts, and how they are joined."""
