"""An official text by command: refused in part, imported whole, a provision compared with it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from kancil.cli.assess.commands import ASSESS_COMMANDS
from tests.assessment.official import official_samples as official
from tests.flows.programme_site import Desk, Programme, founded
from tests.flows.test_assessment_by_command import FIRST, PEOPLE, PERIOD, team

pytestmark = pytest.mark.thorough


def test_an_official_text_is_imported_and_a_provision_compared_with_it(tmp_path: Path) -> None:
    programme = Programme()
    try:
        _told(founded(Desk(programme, tmp_path / "site"), PEOPLE), tmp_path)
        commands = {name for name in ASSESS_COMMANDS if name.startswith("assess texts ")}
        assert commands <= programme.ran
    finally:
        programme.close()


def _told(site: Desk, folder: Path) -> None:
    file, protocol = folder / "text.html", folder / f"{official.NAME}.yaml"
    protocol.write_text(official.protocol_text(), encoding="utf-8")
    site.ask("olga", "protocol", "keep", str(protocol))
    source = ("--source", "Kasa, its gazette, 2026-03-01")
    wanted = ("texts", "import", "boats", file, *source)
    file.write_bytes(official.html(official.european(skip=(4, 5, 6, 7))))
    assert site.refused("olga", *wanted) == "official-text-incomplete"
    assert site.refused("fay", *wanted) == "act-not-yours"
    assert site.ask("olga", "texts", "list") == []
    file.write_bytes(official.html(official.european()))
    assert site.refused("lea", *wanted[:2], "night", *wanted[3:]) == "official-text-of-another"
    made = site.ask("lea", *wanted)
    assert (made["articles"], made["sha256"]) == (12, sha256(file.read_bytes()).hexdigest())
    (row,) = site.ask("fay", "texts", "list")
    assert (row["id"], row["language"], row["is_latest"]) == (made["id"], "en", True)

    used = ("--protocol", official.NAME)
    site.ask("olga", "round", "new", "XKA", FIRST, *used, *PERIOD)
    team(site, FIRST)
    told = ("--text", made["id"], "--lawyer", "A. Lawyer", "--on", "2026-03-02")
    assert site.refused("ann", "texts", "compare", FIRST, "night.1", *told) == "record-not-found"
    assert site.refused("rex", "texts", "compare", FIRST, "boats.4", *told) == "act-not-yours"
    assert site.ask("ann", "texts", "compare", FIRST, "boats.4", *told)["id"]
    count = len(official.protocol().indicators)
    assert site.ask("fay", "matrix", FIRST)["compared"] == {"compared": 1, "older": 0, "of": count}
