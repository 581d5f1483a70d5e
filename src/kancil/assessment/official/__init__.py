"""The official text of an instrument: a file as its publisher has it becomes articles.

`lines` reads a file of text, HTML or PDF; `articles` splits its lines by their headings; `fitting`
says what a protocol expects of the instrument and whether the articles found are its own. Nothing
here judges what an article means.
"""
