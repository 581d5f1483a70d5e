"""Profiles: what the blocks held show of an address or a cluster, in one look."""
