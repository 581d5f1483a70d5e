"""The commands of results: a framework imported, figures entered, counted, corrected, exported."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kancil.cli.programme.commands import PROGRAMME_COMMANDS
from kancil.programme.framework import EXAMPLE, read_framework
from tests.cli.running import read_json
from tests.flows.programme_site import Desk, Programme, founded

pytestmark = pytest.mark.thorough

PEOPLE = {"olga": "programme-officer", "fay": "focal-point"}
YEAR = ("--from", "2026-01-01", "--to", "2026-12-31")


def test_results_are_imported_counted_corrected_and_exported(tmp_path: Path) -> None:
    programme = Programme()
    try:
        _told(founded(Desk(programme, tmp_path / "site"), PEOPLE), tmp_path)
        groups = ("programme results ", "programme figure ")
        ours = {name for name in PROGRAMME_COMMANDS if name.startswith(groups)}
        assert ours <= programme.ran
    finally:
        programme.close()


def _told(site: Desk, folder: Path) -> None:
    def ask(who: str, *words: str | Path) -> Any:
        ran = site.run(who, "programme", *words, "--json")
        assert ran.status == 0, (words, ran.err)
        return read_json(ran.out)

    def say(who: str, *words: str | Path) -> str:
        ran = site.run(who, "programme", *words)
        assert ran.status == 0, (words, ran.err)
        return ran.out

    def refused(who: str, *words: str | Path) -> str:
        ran = site.run(who, "programme", *words, "--json")
        assert ran.status != 0
        return str(read_json(ran.out)["error"]["code"])

    assert refused("fay", "results", "import") == "act-not-yours"
    assert len(ask("olga", "results", "import")["added"]) == 25
    broken = folder / "broken.yaml"
    broken.write_text(EXAMPLE.read_text().replace("counts: people", "counts: cats", 1))
    assert refused("olga", "results", "import", broken) == "framework-not-readable"
    assert refused("olga", "results", "count", "2.a", *YEAR) == "nothing-to-count"
    assert refused("olga", "results", "count", "9.z", *YEAR) == "result-indicator-not-found"
    zero = ask("olga", "results", "count", "2.1.a", *YEAR)
    assert (zero["value"], zero["rule"]["counts"]) == ("0", "people")
    source = ("--source", "Letter of 3 June")
    first = ask("olga", "figure", "enter", "2.a", "4", *YEAR, "--country", "XKA", *source)
    again = ("figure", "enter", "2.a", "5", *YEAR, "--country", "XKA", *source)
    assert refused("olga", *again) == "reason-missing"
    why = ("--reason", "One was missed")
    newer = ask("olga", "figure", "correct", first["id"], "5", *source, *why)
    assert [each["value"] for each in newer["history"]] == ["4"]
    assert refused("olga", "figure", "correct", first["id"], "6", *source, *why) == (
        "changed-meanwhile"
    )
    shown = ask("fay", "figure", "show", newer["id"])
    assert (shown["value"], shown["country"]) == ("5", "XKA")
    assert refused("fay", "figure", "show", zero["id"]) == "figure-not-found"
    listed = ask("fay", "figure", "list", "2.a")
    assert [each["value"] for each in listed] == ["5", "4"]
    unknown = {"lower": None, "upper": None, "basis": "not-measured"}
    assert [(each["basis"], each["error"]) for each in listed] == [("entered", unknown)] * 2
    assert (zero["basis"], zero["error"]) == ("counted", unknown)
    rows = ask("olga", "results", "list", "--country", "XKA")
    (line,) = [each for row in rows for each in row["indicators"] if each["code"] == "2.a"]
    assert (line["figure"]["value"], line["progress"]) == ("5", None)
    assert (line["figure"]["basis"], line["figure"]["error"]) == ("entered", unknown)
    for words in (("results", "list"), ("figure", "list", "2.a"), ("figure", "show", newer["id"])):
        text = say("olga", *words)
        assert "note." not in text
        assert "column." not in text
    out = folder / "framework.yaml"
    ask("olga", "results", "export", "-o", out, "--title", "A global programme on cybercrime")
    assert read_framework(out.read_bytes(), "out") == read_framework(EXAMPLE.read_bytes(), "in")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({}, ("12", "15", "days-not-recorded")),
        ({"without_days": 0}, (None, None, "not-measured")),
        ({"without_days": None}, (None, None, "not-measured")),
        ({"measure": "percentage"}, (None, None, "not-measured")),
        ({"value": None}, (None, None, "hidden")),
    ],
)
def test_people_without_days_bound_a_count_and_nothing_else(
    changed: dict[str, Any], error: tuple[str | None, str | None, str]
) -> None:
    from kancil.cli.programme.results import _basis_value

    row = SimpleNamespace(
        **{"value": "12", "without_days": 3, "measure": "unit", "is_entered": False, **changed}
    )
    found = _basis_value(cast("Any", row))
    assert found["basis"] == "counted"
    assert tuple(found["error"][name] for name in ("lower", "upper", "basis")) == error
