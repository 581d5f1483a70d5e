"""Every error has a code, two sentences and its family's exit status, and stands in its room."""

from __future__ import annotations

import ast
import re

import pytest

from kancil.ground import errors
from kancil.ground.errors import KancilError
from kancil.ground.words import has, render
from tests.house.survey import PACKAGE, english, nodes_of, place, python_files, tree_of
from tools.build_words import parameters_of
from tools.every_error import every_error, rooms_with_errors

FAMILIES = KancilError.__subclasses__()
KINDS = [kind for _, kind in every_error()]
# Signals between two modules of one room: caught there, never shown, no officer meets them.
INNER = {"Broken", "NotAFile", "RawTransactionWrong", "Starved", "StopWork"}


def named_params(kind: type[KancilError]) -> set[str]:
    """Read `Params: `path`, `offset`.` from the docstring."""
    _, found, after = (kind.__doc__ or "").partition("Params:")
    return set(re.findall(r"`(\w+)`", after)) if found else set()


def by_name(kind: type[KancilError]) -> str:
    return kind.__name__


def test_no_two_errors_share_a_code() -> None:
    everything = [*FAMILIES, *KINDS]
    assert len({kind.code for kind in everything}) == len(everything)


def test_a_family_has_a_status_of_its_own_and_its_members_end_with_it() -> None:
    statuses = [family.exit_status for family in FAMILIES]
    assert statuses == [10, 11, 12, 13, 14, 15, 16]
    assert {(family.exit_status, kind.exit_status) for family, kind in every_error()} == {
        (status, status) for status in statuses
    }


@pytest.mark.parametrize("kind", [*FAMILIES, *KINDS], ids=by_name)
def test_an_error_has_its_own_code(kind: type[KancilError]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", vars(kind)["code"])


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


def test_errors_stand_in_the_errors_py_of_their_room() -> None:
    known = {kind.__name__ for kind in FAMILIES + KINDS} | {"KancilError"}
    known |= {"Exception", "BaseException", "ValueError", "RuntimeError", "OSError", "KeyError"}
    strays = [
        f"{place(path, node.lineno)}: {node.name}"
        for path in python_files("src")
        if path.name != "errors.py"
        for node in nodes_of(tree_of(path))
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


def test_a_rooms_errors_import_errors_and_nothing_else_of_ours() -> None:
    for name in rooms_with_errors():
        tree = tree_of(PACKAGE.parent.joinpath(*name.split(".")).with_suffix(".py"))
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        allowed = {"__future__", "typing", "phrase", *rooms_with_errors()}
        assert modules <= allowed, name
