"""What lies in a file of a disk: members of archives, attachments of mails, in each other.

Runs in the limited child of the pass. Bytes are unpacked into memory, never onto a disk, and no
path that an archive states is ever opened.
"""
