"""The directory of offices: what comes with Kancil, other units' files, and the unit's own."""
