"""Web: the unit's pages. Below computes, the desk remembers, the web shows."""
