"""Tables of received packages."""
