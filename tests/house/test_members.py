"""Every member of a plural folder is in its tuple, has its test and stands in the docs.

A plural folder is found by its shape: `policies/` beside `policy.py`. Nothing is listed here, so
a new plural folder is held to the rule from its first day.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.house.survey import PACKAGE, module_of, pages_text, place
from tools.tree import ROOT, project_files


def singular(folder: str) -> str:
    if folder.endswith("ies"):
        return folder[:-3] + "y"
    return folder.removesuffix("s")


def plural_folders() -> list[Path]:
    folders = {path.parent for path in project_files() if path.is_relative_to(PACKAGE)}
    return sorted(
        folder
        for folder in folders
        if singular(folder.name) != folder.name
        and (folder.parent / f"{singular(folder.name)}.py").is_file()
        and any(folder.glob("*.py"))
    )


def member_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))


def module_of_member(member: object, folder: Path) -> str:
    """Name the module a member of a tuple comes from: itself, a function, a class or an object.

    A value of a class that the folder does not define comes from the file of it that holds it.
    """
    if hasattr(member, "__path__") or hasattr(member, "__spec__"):
        return str(getattr(member, "__name__", ""))
    name = str(getattr(member, "__module__", type(member).__module__))
    names = [module_of(path) for path in member_files(folder)]
    if name in names:
        return name
    modules = map(importlib.import_module, names)
    return next(
        one.__name__ for one in modules if any(each is member for each in vars(one).values())
    )


def members_in_tuple(folder: Path) -> Iterable[object]:
    name = folder.name.upper()
    members = getattr(importlib.import_module(module_of(folder / "__init__.py")), name, None)
    assert isinstance(members, tuple), f"{place(folder)}/__init__.py names no tuple {name}"
    return members


PLURAL = plural_folders()
MEMBERS = [path for folder in PLURAL for path in member_files(folder)]


def test_the_rule_of_singular_and_plural_finds_what_it_should() -> None:
    assert singular("policies") == "policy"
    assert singular("parsers") == "parser"
    assert singular("custody") == "custody"


@pytest.mark.parametrize("folder", PLURAL, ids=place)
def test_a_plural_folder_names_all_its_members_in_one_tuple(folder: Path) -> None:
    named = {module_of_member(member, folder) for member in members_in_tuple(folder)}
    assert named == {module_of(path) for path in member_files(folder)}


@pytest.mark.parametrize("member", MEMBERS, ids=place)
def test_a_member_has_a_test_file_of_its_own(member: Path) -> None:
    below = member.relative_to(PACKAGE)
    test = ROOT / "tests" / below.parent / f"test_{below.name}"
    assert test.is_file(), f"{place(member)} wants {place(test)}"


@pytest.mark.parametrize("member", MEMBERS, ids=place)
def test_a_member_stands_in_the_docs(member: Path) -> None:
    word = member.stem.replace("_", "[-_ ]")
    assert re.search(rf"\b{word}\b", pages_text(), re.IGNORECASE), (
        f"no page under docs/ names {member.stem}"
    )


@pytest.mark.parametrize("member", MEMBERS, ids=place)
def test_members_of_one_folder_are_told_apart_by_their_docstring(member: Path) -> None:
    docstring = importlib.import_module(module_of(member)).__doc__ or ""
    assert len(docstring.split()) >= 8, f"{place(member)} says too little about itself"
