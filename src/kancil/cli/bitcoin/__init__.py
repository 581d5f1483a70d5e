"""Commands about bitcoin: chains, labels, clusters, change, traces, exposure, patterns."""
