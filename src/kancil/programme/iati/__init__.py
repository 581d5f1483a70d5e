"""IATI 2.03: files checked by schema and ruleset, written of a programme, read of others."""
