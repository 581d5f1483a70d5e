"""Files of exhibits shown to people: text, tables, JSON, mail, papers, pages, pictures, bytes.

`child.py` is what doors call; all else runs in its limited child (`kancil.ground.child`). Nothing
of a file is active when it is shown: markup becomes text, pages and pictures become new pictures.
"""
