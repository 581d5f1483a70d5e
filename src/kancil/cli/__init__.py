"""Commands: read the words on the command line, call one act or query, show.

`main` holds the table of commands; nothing of a room is imported before a command of it runs.
"""
