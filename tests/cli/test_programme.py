"""What the commands of a programme read and show: days, pairs, amounts, and values as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kancil.assessment.planning.plan import Choice, Feasibility, ItemState
from kancil.cli.assess import plan as assess_plan
from kancil.cli.assess.commands import ASSESS_COMMANDS, ASSESS_GROUPS, IATI_COMMANDS
from kancil.cli.programme.door import chosen, day, maybe_day, pairs, plain, shown
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from tests.cli.running import Unit, run


@dataclass(frozen=True)
class Row:
    id: str
    cost_minor: int | None
    share: Fraction
    at: datetime
    on: date | None
    choice: Choice
    state: ItemState
    why: Phrase
    parts: tuple[str, ...]


def test_a_value_leaves_as_json_without_a_fraction_or_a_large_number() -> None:
    row = Row(
        "1", 10**17, Fraction(1, 3) * 100, datetime(2026, 3, 9, 7, tzinfo=UTC), date(2026, 3, 9),
        Choice.FIRST, ItemState.DONE, Phrase("why.assess-day"), ("a", "b"),
    )  # fmt: skip
    value = plain({"rows": [row], "n": 3, "is_true": True, "none": None})
    assert json.loads(json.dumps(value)) == value
    (told,) = value["rows"]
    assert told["cost_minor"] == str(10**17)
    assert (told["share"], told["at"], told["on"]) == (
        "33.3", "2026-03-09T07:00:00.000000Z", "2026-03-09",
    )  # fmt: skip
    assert (told["choice"], told["state"], told["parts"]) == ("first", "done", ["a", "b"])
    assert told["why"]["text"] == "a day is written as 2026-03-09"
    assert plain(Feasibility.WITH_EFFORT) == "with-effort"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (Fraction(50), "50.0"), (("a", None), "a, "), (Choice.LATER, "later"), (3, "3"),
     (Phrase("note.assess-late"), "late")],
)  # fmt: skip
def test_a_cell_is_written_in_words(value: Any, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize("text", ["", "9.3.2026", "2026-3-9", "2026-02-30", "20260309", "today"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(OptionNotUsable):
        day(text, "--on")


def test_a_day_is_read_where_one_was_given() -> None:
    assert maybe_day(None, "--on") is None
    assert maybe_day("2026-03-09", "--on") == date(2026, 3, 9)


def test_pairs_are_read_and_what_is_none_is_refused() -> None:
    assert pairs(["a=1", "b=x=y", "c="], "--part") == {"a": "1", "b": "x=y", "c": ""}
    assert pairs(None, "--part") == {}
    for given in (["a"], ["=1"], [""], ["a=1", "a=2"]):
        with pytest.raises(OptionNotUsable):
            pairs(given, "--part")
    with pytest.raises(OptionNotUsable):
        chosen("x", ["a", "b"], "--stage")


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("0", 0),
        ("12000", 1_200_000),
        ("12000.50", 1_200_050),
        ("1.05", 105),
        ("1.5", 150),
        ("٣", 300),
    ],
)
def test_an_amount_is_read_in_hundredths(text: str, minor: int) -> None:
    assert assess_plan._minor(text) == minor


@pytest.mark.parametrize("text", ["", "-1", "1,50", "1.", ".50", "1e3", "9" * 16])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(OptionNotUsable):
        assess_plan._minor(text)


def test_a_units_workspace_is_refused_by_every_command_of_a_programme(sample: Unit) -> None:
    for words in (("round", "list"), ("person", "list"), ("board", "show", "XKA")):
        assert sample.refused("assess", *words)["code"] == "programme-site-needed"


def test_every_group_of_the_programmes_commands_says_what_it_is_for() -> None:
    groups = {name.rpartition(" ")[0] for name in (*ASSESS_COMMANDS, *IATI_COMMANDS)}
    assert groups == set(ASSESS_GROUPS)


def test_a_form_needs_no_workspace_and_is_never_written_over(tmp_path: Path) -> None:
    out = tmp_path / "form.xlsx"
    words = ("assess", "xlsform", "threat-2026.1", "-o", out)
    assert run(*words).status == 0
    before = out.read_bytes()
    assert run(*words).status != 0
    assert out.read_bytes() == before
    unknown = run("assess", "xlsform", "threat-2026.1", "-o", tmp_path / "x", "--area", "none")
    assert unknown.status != 0
    assert not (tmp_path / "x").exists()
