"""What a pass over an image found, written for other tools: CASE, DFXML and Parquet.

Rows come from the tables of the pass, batch by batch, so that an image of any size is written in
the same memory. Identifiers are derived from the exhibit's digests and each entry's number, and
every time is the image's own: the same outcome is written to the same bytes.
"""
