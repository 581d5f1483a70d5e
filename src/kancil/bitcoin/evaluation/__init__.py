"""What is known of the error of heuristics and patterns, measured against labels."""
