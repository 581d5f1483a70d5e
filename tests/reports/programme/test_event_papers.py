"""The papers of the door: everybody on the sheet in their own script, a code on each badge."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

from tests.web.look import start_django

start_django()

from kancil.desk.programme.taking_part.attendance import Attendee  # noqa: E402
from kancil.reports.programme.event.papers import (  # noqa: E402
    attendance_sheet,
    badge_sheet,
    code_of,
)

AT = datetime(2026, 3, 9, 5, tzinfo=UTC)
NAMES = ("Dara Sok", "ສົມພອນ ແກ້ວ", "สมชาย ใจดี", "Kim Lane")
PEOPLE = [
    Attendee(n, f"0b5f0c1e-8a52-4c8e-9d27-6d1f0f2f7a{n:02}", name, "Kasa" if n < 2 else "Bola",
             "participant", ())
    for n, name in enumerate(NAMES)
]  # fmt: skip


def text_of(data: bytes, folder: Path) -> str:
    (folder / "paper.pdf").write_bytes(data)
    command = ["pdftotext", "-layout", str(folder / "paper.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def test_the_sheet_names_everybody_by_delegation_and_comes_out_alike(tmp_path: Path) -> None:
    told = {
        "title": "Tracing", "place": "Kasa City", "day": date(2026, 3, 9), "author": "Olga",
        "at": AT,
    }  # fmt: skip
    data = attendance_sheet(PEOPLE, **told)  # type: ignore[arg-type]
    assert data == attendance_sheet(PEOPLE, **told)  # type: ignore[arg-type]
    text = text_of(data, tmp_path)
    assert text.index("1. Kasa") < text.index("Dara Sok") < text.index("2. Bola")
    assert text.index("2. Bola") < text.index("Kim Lane") < text.index("Others who came")
    assert "2026-03-09 · Kasa City" in text
    assert "U+" not in text, "every letter has a font"


def test_badges_have_the_code_that_is_typed(tmp_path: Path) -> None:
    data = badge_sheet(PEOPLE * 3, title="Tracing", subtitle="", author="Olga", at=AT)
    text = text_of(data, tmp_path)
    assert text.count("0F2F 7A00") == 3
    assert code_of(PEOPLE[3].badge) == "0F2F 7A03"
    assert text.count("\f") == 2, "ten a page"
