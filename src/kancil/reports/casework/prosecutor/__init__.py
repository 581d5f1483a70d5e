"""The printed report: what was found, for a prosecutor; and all there is, for the defence.

It shows the same answers and statements as a bundle, and computes no amount by itself.
"""
