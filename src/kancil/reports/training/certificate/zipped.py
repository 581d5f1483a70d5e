"""The certificates of a class as one ZIP: for each its PDF and badge under the holder's name.

certificates.csv         who has which, by the names of the files
verify-certificate.html  the page that verifies them offline
Dala Chanthavong.pdf
Dala Chanthavong.credential.json
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime

from kancil.ground.cells import Cell, plain_cell, write_table
from kancil.ground.files import plain_name
from kancil.ground.training_table import marked_table
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.reports.pdf.sign import PdfKey
from kancil.training.badges.certificate import (
    SignedCertificate,
    achievement_words,
    credential_bytes,
)

from .page.build import PAGE
from .paper import signed_pdf

LIST = "certificates.csv"
BADGE_ENDING, PDF_ENDING = ".credential.json", ".pdf"
_COLUMNS = ("name", "achievement", "course", "issued_on", "certificate", "pdf", "badge")
_MOST_BYTES = 120
"""Of a name before its ending: with folder and ending it stays under what Windows unpacks."""
_NOT_IN_WINDOWS = dict.fromkeys(map(ord, '<>:"|?*'), " ")
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)))
)
"""Names that Windows gives no file, whatever its ending."""


def file_names(holders: Iterable[str]) -> list[str]:
    """For each holder the name of their files, without an ending; each once, capitals aside.

    Letters of every script stay. Two holders of one name are told apart by a number.
    """
    taken: set[str] = {LIST.partition(".")[0], PAGE.stem}
    found = []
    for holder in holders:
        name = _plain(holder)
        tried, number = name, 1
        while _folded(tried) in taken:
            number += 1
            tried = f"{name} ({number})"
        taken.add(_folded(tried))
        found.append(tried)
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _plain(holder: str) -> str:
    parted = holder.translate(_NOT_IN_WINDOWS).replace("/", " ").replace("\\", " ")
    name = plain_name(" ".join(unicodedata.normalize("NFC", parted).split()), _MOST_BYTES)
    return f"{name} -" if name.partition(".")[0].casefold().strip() in _DEVICES else name


def zip_of(
    certificates: Sequence[SignedCertificate], holders: Sequence[str], key: PdfKey, *, at: datetime
) -> bytes:
    """The ZIP of these certificates, in their order. Raises ReportNotPrinted.

    `holders`: what each one's holder is called in their class, of which files take their names.
    """
    names = file_names(holders)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _add(archive, LIST, _listed(certificates, names), at)
        _add(archive, PAGE.name, PAGE.read_bytes(), at)
        for name, each in zip(names, certificates, strict=True):
            _add(archive, name + PDF_ENDING, signed_pdf(each, key, at=at), at)
            _add(archive, name + BADGE_ENDING, credential_bytes(each), at)
    return out.getvalue()


def _listed(certificates: Sequence[SignedCertificate], names: Sequence[str]) -> bytes:
    rows: list[tuple[Cell, ...]] = []
    for name, signed in zip(names, certificates, strict=True):
        said = signed.certificate
        rows.append(
            (
                plain_cell(said.name), render_phrase(achievement_words(said)),
                plain_cell(said.taken.title),
                said.issued_at.strftime("%Y-%m-%d %H:%M UTC"),
                said.id, name + PDF_ENDING, name + BADGE_ENDING,
            )
        )  # fmt: skip
    table = b"\xef\xbb\xbf" + write_table(_COLUMNS, rows)
    return b"".join(marked_table([table], words("name.training")))


def _add(archive: zipfile.ZipFile, name: str, data: bytes, at: datetime) -> None:
    member = zipfile.ZipInfo(name, at.timetuple()[:6])
    member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    archive.writestr(member, data)
