"""The report of a study over countries, made of released answers alone."""
