"""Disk images: containers opened, volumes named, every entry of each file system listed.

Bytes come from the files of an exhibit; entries go to a table (`entry.FileEntry`), and what cannot
be read goes beside them with its reason. Nothing here writes, and nothing runs outside of the
limited child (`ground.child`).
"""
