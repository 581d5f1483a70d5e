"""A memory stick that tests make: a note, an archive in an archive, a Thai text, a deleted file.

The seed phrase is the first test vector of BIP 39; nobody's coins are behind it.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from tools.fat import File, fat_image

AT = datetime(2026, 3, 1, 10, tzinfo=UTC)
LETTER = b"the wallet is under the floor"
SEED = f"{'abandon ' * 11}about"
ADDRESS = "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S"
"""Of the first payment in bitcoin, in the sample's blocks."""


def packed(name: str, data: bytes) -> bytes:
    """A zip of one member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


FILES = (
    File("note.txt", f"Send it to {ADDRESS} before Friday.\n".encode(), AT),
    File("papers/pack.zip", packed("more/inner.zip", packed("letter.txt", LETTER)), AT),
    File("papers/broken.zip", packed("a.txt", b"x" * 900)[:-40], AT),
    File("ข้อความ.txt", "โอนเงินแล้ว".encode(), AT),
    File("wide.txt", f"\ufeff{ADDRESS} again".encode("utf-16-le"), AT),
    File("seed.txt", f"mnemonic {SEED} (mine)\nhttps://example.org/x\n".encode(), AT),
    File("gone.txt", b"deleted words stay searchable", AT, is_deleted=True),
)


def write_stick(folder: Path) -> Path:
    """The stick's image as a new file."""
    path = folder / "stick.img"
    path.write_bytes(fat_image(FILES, label="STICK"))
    return path
