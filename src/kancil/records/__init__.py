"""Records: the vocabulary. What a transfer or a finding *is*, for every room and every door."""
