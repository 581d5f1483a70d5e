"""IATI 2.03: files of activities and organisations checked by schema and standard ruleset."""
