"""Words looked for in the text of a disk: one SQLite database for each exhibit, asked offline.

It holds what `evidence.text` took from files, and never the files themselves.
"""
