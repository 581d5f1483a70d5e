"""Cases on the unit's site: overview, exhibits, custody, findings, members."""
