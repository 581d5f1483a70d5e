"""Cases of the desk: cases, exhibits, traces and findings as rows, kept up by each ledger entry."""
