"""Every error has a code, two sentences, an exit status of its own, and stands in one file."""

from __future__ import annotations

import ast
import re
from collections import Counter
from itertools import pairwise

import pytest

from kancil.ground import errors
from kancil.ground.errors import KancilError
from kancil.ground.words import has, render
from tests.house.survey import PACKAGE, english, place, python_files, tree_of
from tools.build_words import parameters_of


def below(kind: type[KancilError]) -> list[type[KancilError]]:
    return [each for child in kind.__subclasses__() for each in (child, *below(child))]


FAMILIES = KancilError.__subclasses__()
KINDS = [kind for family in FAMILIES for kind in below(family)]
# 128 to 192 mean "ended by a signal" to a shell, so the second range of a room lies above.
ROOMS = {
    "ground": (range(10, 30),),
    "custody": (range(30, 60), range(70, 80)),
    "evidence": (range(60, 70), range(240, 250)),
    "bitcoin": (range(80, 123), range(193, 211), range(219, 220)),
    "wire": (range(166, 168), range(188, 189), range(216, 219)),
    "reports": (range(123, 126), range(168, 180)),
    "doors": (range(180, 188), range(189, 190), range(211, 216)),
    "desk": (range(220, 240), range(250, 256)),
    "programme": (range(30, 120),),
}
# Whose commands one site runs: the unit's raise none of the programme's errors, and the programme's
# none of those rooms of the unit from whose ranges it counts.
UNIT_ONLY = ("custody", "evidence", "bitcoin", "wire", "reports")
# Signals between two modules of one room: caught there, never shown, no officer meets them.
INNER = {"NotAFile", "RawTransactionWrong", "Starved", "StopWork"}


def named_params(kind: type[KancilError]) -> set[str]:
    """Read `Params: `path`, `offset`.` from the docstring."""
    _, found, after = (kind.__doc__ or "").partition("Params:")
    return set(re.findall(r"`(\w+)`", after)) if found else set()


def by_name(kind: type[KancilError]) -> str:
    return kind.__name__


def raised_at(site: str) -> list[type[KancilError]]:
    """List the errors that commands of one site can raise."""
    everything = [*FAMILIES, *KINDS]
    if site == "unit":
        return [kind for kind in everything if kind.wing != "programme"]
    units = [span for room in UNIT_ONLY for span in ROOMS[room]]
    return [
        kind
        for kind in everything
        if kind.wing == "programme" or not any(kind.exit_status in span for span in units)
    ]


def test_no_two_errors_share_a_code() -> None:
    everything = [*FAMILIES, *KINDS]
    assert len({kind.code for kind in everything}) == len(everything)


@pytest.mark.parametrize("site", ["unit", "programme"])
def test_no_two_errors_of_one_site_share_an_exit_status(site: str) -> None:
    alone = [kind for kind in raised_at(site) if not kind.shares_status]
    statuses = Counter(kind.exit_status for kind in alone)
    assert not [status for status, count in statuses.items() if count > 1]
    shared = {kind.exit_status for kind in raised_at(site) if kind.shares_status}
    assert not shared & set(statuses)
    assert len(shared) <= len(ROOMS), "one shared status a room"


def test_the_errors_of_the_programme_wing_say_so_and_no_others_do() -> None:
    assert {kind.wing for kind in KINDS} == {"", "programme"}
    wing = {kind.__name__ for kind in KINDS if kind.wing == "programme"}
    assert wing == set(below_mark("programme"))


@pytest.mark.parametrize("kind", [*FAMILIES, *KINDS], ids=by_name)
def test_an_error_has_its_own_code_and_status(kind: type[KancilError]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", vars(kind)["code"])
    assert any(vars(kind)["exit_status"] in span for spans in ROOMS.values() for span in spans)


@pytest.mark.parametrize("kind", KINDS, ids=by_name)
def test_an_error_has_a_sentence_for_the_officer_and_a_next_step(kind: type[KancilError]) -> None:
    for part in ("sentence", "next"):
        key = f"error.{kind.code}.{part}"
        assert has(key), f"no words for {key}"
        words = english()[key].strip()
        assert words[0].isupper() or words[0] == "{", words
        assert "\n" not in words


@pytest.mark.parametrize("kind", KINDS, ids=by_name)
def test_the_sentences_use_only_the_parameters_that_the_docstring_names(
    kind: type[KancilError],
) -> None:
    keys = [f"error.{kind.code}.{part}" for part in ("sentence", "next")]
    used = {name for key in keys for name in parameters_of(english().get(key, ""))}
    assert used <= named_params(kind)


@pytest.mark.parametrize("kind", KINDS, ids=by_name)
def test_an_error_given_its_parameters_renders_without_a_hole(kind: type[KancilError]) -> None:
    params = dict.fromkeys(named_params(kind), "XX")
    for part in ("sentence", "next"):
        assert "{" not in render(f"error.{kind.code}.{part}", **params)


def test_all_errors_stand_in_the_ground() -> None:
    known = {kind.__name__ for kind in FAMILIES + KINDS} | {"KancilError"}
    known |= {"Exception", "BaseException", "ValueError", "RuntimeError", "OSError", "KeyError"}
    strays = [
        f"{place(path, node.lineno)}: {node.name}"
        for path in python_files("src")
        if path != PACKAGE / "ground" / "errors.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and node.name not in INNER
        and any(ast.unparse(base).split(".")[-1] in known for base in node.bases)
    ]
    assert not strays


def test_the_file_of_errors_imports_the_phrase_and_nothing_else_of_ours() -> None:
    tree = tree_of(PACKAGE / "ground" / "errors.py")
    imported = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    ours = [line for line in imported if "kancil" in line or "from ." in line]
    assert ours == ["from .phrase import Param"]


def test_the_tree_in_the_docstring_has_every_family() -> None:
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert drawn == [family.__name__ for family in FAMILIES]


def sections() -> list[tuple[str, str]]:
    """Cut the file of errors at its marks: rooms and what stands below them."""
    source = (PACKAGE / "ground" / "errors.py").read_text(encoding="utf-8")
    marks = [(m.start(), m[1]) for m in re.finditer(r"^# --- (\w+)\b.* -+$", source, re.M)]
    ends = pairwise([*marks, (len(source), "end")])
    return [(room, source[start:end]) for (start, room), (end, _) in ends]


def below_mark(room: str) -> list[str]:
    return [
        name
        for marked, text in sections()
        if marked == room
        for name in re.findall(r"^class (\w+)", text, re.M)
    ]


def test_each_room_keeps_to_its_range_of_exit_statuses() -> None:
    assert {room for room, _ in sections()} <= set(ROOMS)
    for room, text in sections():
        statuses = [int(status) for status in re.findall(r"exit_status = (\d+)", text)]
        outside = [status for status in statuses if not any(status in span for span in ROOMS[room])]
        assert not outside, f"{room}: {outside} are outside {ROOMS[room]}"
