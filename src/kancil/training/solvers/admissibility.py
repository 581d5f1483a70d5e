"""Solves the admissibility lab: reads papers, has the digest computed and the bundle checked."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

from kancil.training.question import Answers
from kancil.training.solver import Given, Workbench

_ZONE_SECONDS = 7 * 3_600
_CELLS = re.compile(r"<(?:td|dd|li)>(.*?)</(?:td|dd|li)>")
_DAY, _MINUTE = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")


class AdmissibilitySolver:
    """Reads each paper once, and rules by what it finds."""

    name = "admissibility"

    def solve(self, bench: Workbench, given: Given) -> Answers:
        """Compare digest, days, custody, zones and sentences."""
        digest = _digest(bench, given.path("telephone-chat.json"))
        seizure, order, report, listing, custody = (
            _cells(given.path(f"{name}.html"))
            for name in ("seizure-record", "authority", "expert-report", "listing",
                         "custody-record")
        )  # fmt: skip
        gap = _gap_minutes(custody)
        sign_in = given.path("exchange-sign-ins.csv").read_text("utf-8").split()[-1].split(",")[0]
        flaws = {
            "telephone-copy": digest not in seizure and "digest-differs",
            "laptop": _days(seizure)[1] > _days(order)[-1] and "authority-ended",
            "custody": bool(gap) and "custody-gap",
            "time-order": not _minutes_fit(report[1], sign_in) and "zone-slip",
            "cluster": "one cluster" not in report[2] and "one-owner-claimed",
            "sum": "FIFO" not in report[3] and "policy-not-stated",
            "listing": _days(listing)[-1] > _days([report[4]])[0] and "listed-later",
            "bundle": not bench.ask("verify", given.path("trace-bundle.zip"))["intact"]
            and "bundle-changed",
        }
        rulings: dict[str, Any] = {item: _ruling(item, flaw) for item, flaw in flaws.items()}
        values = rulings | {"digest": digest, "to-store": _to_store(custody), "sign-in": sign_in}
        return Answers(given.variant, values)

    def guess(self, bench: Workbench, given: Given) -> Answers:
        """Admit everything, copy the digest from the paper, take the bank's time."""
        seizure = _cells(given.path("seizure-record.html"))
        report = _cells(given.path("expert-report.html"))
        moment = _MINUTE.findall(report[1])[0].replace(" ", "T") + ":00+07:00"
        names = ("telephone-copy", "laptop", "custody", "time-order", "cluster", "sum", "listing",
                 "bundle")  # fmt: skip
        values = {name: _ruling(name, False) for name in names}
        return Answers(
            given.variant, values | {"digest": seizure[4], "to-store": "0", "sign-in": moment}
        )


def _digest(bench: Workbench, path: Path) -> str:
    case = bench.ask("case", "new", "Digest", "--legal-basis", "lab")["label"]
    added = bench.ask("exhibit", "add", case, path, "--source", "lab")
    found: str = added["content"]["sha256"]
    return found


def _cells(path: Path) -> list[str]:
    return [unescape(cell) for cell in _CELLS.findall(path.read_text("utf-8"))]


def _days(cells: list[str]) -> list[str]:
    return [day for cell in cells for day in _DAY.findall(cell)]


def _gap_minutes(cells: list[str]) -> int:
    """Minutes between the end of one line and the beginning of the next."""
    begins = [datetime.fromisoformat(cell) for cell in cells[4::4]]
    ends = [datetime.fromisoformat(cell) for cell in cells[1:-4:4]]
    gaps = zip(ends, begins, strict=True)
    return sum(int((begin - end).total_seconds()) // 60 for end, begin in gaps)


def _to_store(cells: list[str]) -> str:
    """Minutes from the first line's beginning to the first line that names the store."""
    at = next(n for n in range(2, len(cells), 4) if "store" in cells[n]) - 2
    taken, stored = datetime.fromisoformat(cells[0]), datetime.fromisoformat(cells[at])
    return str(int((stored - taken).total_seconds()) // 60)


def _minutes_fit(sentence: str, sign_in: str) -> bool:
    """Whether the sign-in, in UTC, came as many minutes after the local time as is said."""
    said = int(re.findall(r"(\d+) minutes", sentence)[0])
    local = datetime.fromisoformat(_MINUTE.findall(sentence)[0] + "+00:00")
    seconds = (datetime.fromisoformat(sign_in) - local).total_seconds() + _ZONE_SECONDS
    return int(seconds) // 60 == said


def _ruling(item: str, flaw: str | bool) -> dict[str, Any]:
    if not flaw:
        return {"ruling": "admit", "reasons": ["sound"]}
    weighed = item in ("custody", "cluster", "sum")
    return {"ruling": "weight" if weighed else "exclude", "reasons": [flaw]}


ADMISSIBILITY_SOLVER = AdmissibilitySolver()
