"""The words of a file, for search: what a person would read in it, without how it is set.

Runs in the limited child of the pass. Nothing that a file names is fetched, no script is run. Text
is for finding: whoever cites a hit opens the file itself.
"""
