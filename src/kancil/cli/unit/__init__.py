"""Commands of a unit: cases, exhibits, findings, the ledger, people, what leaves on paper."""
