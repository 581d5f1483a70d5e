"""A donor report of an invented grant, for tests: a joint activity, a correction, small groups."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import date
from typing import Any

from kancil.ground.phrase import Phrase
from kancil.programme.donor_report import (
    ActivitySaid,
    ClassLine,
    FigureSaid,
    Finance,
    GrantSaid,
    People,
    Period,
    PictureSaid,
    RateUsed,
    ReportSection,
    Said,
    TextSaid,
)
from kancil.programme.money.amount import Money
from kancil.programme.vocabulary import ActivityKind, ActivityState, BudgetClass

ON = date(2026, 3, 2)
NAMES = {
    "lo": "ແຂວງຈຳປາສັກ", "km": "ខេត្តព្រះសីហនុ", "th": "จังหวัดเชียงราย", "ar": "محافظة الشمال",
}  # fmt: skip
"""Names of places in four scripts."""
_TEXT = "Two courses on tracing cryptocurrency were held, and the laboratory of Kasa was opened."


def figure(**other: Any) -> FigureSaid:
    """A counted figure; `other`: what differs."""
    return replace(
        FigureSaid(
            "f1", "2.1.a", "Police, prosecutors and judges trained", "2.1",
            "Investigators, prosecutors and judges can handle electronic evidence.",
            "People who took part in trainings, each counted once.", "unit", "", False, "0", "120",
            "84", "40", "86", "Two people were on two lists.", False, "", "",
        ),
        **other,
    )  # fmt: skip


def activity(**other: Any) -> ActivitySaid:
    """An activity that the grant pays for alone; `other`: what differs."""
    return replace(
        ActivitySaid(
            "2025-SEA-004", ActivityKind.TRAINING, ActivityState.DONE,
            "Cryptocurrency tracing, second course", ("Kasa", "Bola"), date(2025, 5, 12),
            date(2025, 5, 16), "2.1", True, 4_215_050, (), 42, "2a", ("16.4", "16.a"),
        ),
        **other,
    )  # fmt: skip


def said(**other: Any) -> Said:
    """The report; `other`: what differs."""
    finance = Finance(
        "AUD", 60_000_000, 12_000_000,
        (
            ClassLine(BudgetClass.STAFF, 12_000_000, 11_020_000),
            ClassLine(BudgetClass.TRAVEL, 9_000_000, 9_415_050),
            ClassLine(BudgetClass.EQUIPMENT, 6_000_000, 2_000_000),
            ClassLine(BudgetClass.SUPPORT, 3_510_000, 2_916_557),
        ),
        1300, 2_916_557, 2_916_557, True, (),
        (RateUsed("1 USD = 1.5312 AUD", "UN operational rates of exchange, 1 May 2025",
                  date(2025, 5, 1)),),
    )  # fmt: skip
    whole = Said(
        "Annual report 2025",
        Period(date(2025, 1, 1), date(2025, 12, 31), date(2026, 3, 31)),
        GrantSaid(
            "AUS-2024-01", "Capacity against cybercrime in South-East Asia",
            "Department of Outer Affairs of Ostralia", "AUD", 90_000_000, date(2024, 7, 1),
            date(2027, 6, 30), "For training and equipment of police and prosecution.",
            ("Bola", "Kasa"), ("2.1", "2.3"),
        ),
        tuple(
            TextSaid(each, text, "Olga Officer", ON)
            for each, text in (
                (ReportSection.SUMMARY, _TEXT), (ReportSection.DONE, f"{_TEXT}\n\nMore courses."),
                (ReportSection.CHANGED, "Kasa's unit opened three cases on its own initiative."),
                (ReportSection.RISKS, " · ".join(NAMES.values())),
            )
        ),
        finance,
        (
            activity(),
            activity(
                code="2025-SEA-009", kind=ActivityKind.CONFERENCE, title="Regional conference",
                is_whole=False, cost_minor=2_000_000, others=("Agency of Nordland",), took_part=210,
            ),
            activity(
                code="2025-XKA-002", kind=ActivityKind.EQUIPMENT, title=NAMES["lo"],
                state=ActivityState.CONFIRMED, took_part=None, countries=("Kasa",),
            ),
        ),
        (
            figure(),
            figure(
                id="f2", indicator="2.3.b", title="Handed-over equipment in use after 12 months",
                measure="percentage", value="91", target="90", before="", corrected="", reason="",
                is_whole=True, is_entered=True, source="Visits of mentors",
                contribution="The ministry pays for power and licences.",
            ),
        ),
        People(
            248, {"male": 160, "female": 88, "other": 0},
            {"police": 190, "judge": None, "prosecutor": None},
            {"Kasa": 130, "Bola": 118}, 4012, 3960,
        ),
        (),
        None,
    )  # fmt: skip
    return replace(whole, **other)


def unreconciled(of: Said) -> Said:
    """The same, of a grant whose spending does not reconcile."""
    why = Phrase("programme.reconcile.no-file", {"first": "2025-01-01", "last": "2025-12-31"})
    apart = (Money("JPY", 1_250_000),)
    finance = replace(of.finance, is_reconciled=False, reasons=(why,), apart=apart)
    return replace(of, finance=finance)


def png(width: int = 8, height: int = 6, beside: bytes = b"") -> bytes:
    """A PNG of one colour; `beside`: a text that a camera wrote beside it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    held = min(width, 100), min(height, 100)  # of a larger one the head alone is there
    rows = b"".join(b"\x00" + b"\x2a\x6f\x97" * held[0] for _ in range(held[1]))
    text = chunk(b"tEXt", b"Comment\x00" + beside) if beside else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + text + chunk(
        b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")  # fmt: skip


PICTURE = PictureSaid("ab" * 32, "Opening of the laboratory", "2025-XKA-002")
