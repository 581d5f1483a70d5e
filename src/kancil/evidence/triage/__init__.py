"""Triage: one pass over every file of an image, whose outcome is tables that anybody can check.

Two limited children read the image, each its share of the entries; what they found lies in segments
that are whole up to their last batch, so that a pass which was stopped goes on where it was. What
could not be examined is listed with its reason. The tables are the same to the byte however many
children read, in whatever zone.
"""
