"""Pages of dated prices: tables with their source, and their rows."""
