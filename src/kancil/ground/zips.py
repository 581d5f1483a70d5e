"""What reading a ZIP raises where its bytes are damaged, or packed in a way that is not known."""

from __future__ import annotations

import zipfile
import zlib

DAMAGED_ZIP: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, LookupError,
    NotImplementedError, OSError, RuntimeError, ValueError,
)  # fmt: skip
"""Found by fuzzing and from the source of `zipfile`. RuntimeError: a member behind a password;
ValueError: one that begins before its file; LookupError: a name that is not there."""
