"""Ground: what every room stands on, and which itself stands on nothing.

Errors, ids, the clock, digests, canonical JSON, signed files, units, provenance, words for
people, progress, and the workspace folder. Plain Python; no screen, no network, no framework.
"""
