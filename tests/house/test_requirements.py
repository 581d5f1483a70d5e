"""The names in `pyproject.toml` and in `requirements/` are the same, and every pin has hashes."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.survey import nodes_of, place, python_files, tree_of
from tools.tree import ROOT

REQUIREMENTS = ROOT / "requirements"
LOCKS = sorted(path for path in REQUIREMENTS.glob("*.txt") if path.with_suffix(".in").is_file())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def asked(name: str) -> list[str]:
    lines = (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return sorted(line for line in lines if line and line[0] not in "#-")


def pins(path: Path) -> dict[str, list[str]]:
    """Read a lock: the pinned versions of each name."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(
        r"^([a-z0-9.-]+)==([^\s;]+)", path.read_text(encoding="utf-8"), re.MULTILINE
    ):
        found.setdefault(name, []).append(version)
    return found


@pytest.mark.parametrize(
    ("file", "declared"),
    [
        ("run", PROJECT["dependencies"]),
        ("dev", PROJECT["optional-dependencies"]["dev"]),
        ("bench", PROJECT["optional-dependencies"]["bench"]),
        ("spark", PROJECT["optional-dependencies"]["spark"]),
    ],
)
def test_the_requirements_are_those_of_the_project(file: str, declared: list[str]) -> None:
    assert asked(file) == sorted(declared)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_each_name_once_with_hashes(path: Path) -> None:
    assert pins(path)
    assert all(len(versions) == 1 for versions in pins(path).values())
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if not line.startswith(" "):
            assert following.startswith("    --hash=sha256:"), line


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_name_asked_for_is_in_its_lock(path: Path) -> None:
    names = {re.split(r"[<>=\[; ]", line)[0] for line in asked(path.stem)}
    assert {name.lower().replace("_", "-") for name in names} <= set(pins(path))


def test_the_locks_agree_with_each_other() -> None:
    together: dict[str, set[str]] = {}
    for path in LOCKS:
        for name, versions in pins(path).items():
            together.setdefault(name, set()).update(versions)
    assert not {name: versions for name, versions in together.items() if len(versions) > 1}


def imported(node: ast.AST) -> list[str]:
    """Name the top packages that one statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [(node.module or "").partition(".")[0]]
    return []


def test_the_package_imports_only_what_it_declares() -> None:
    """What another package happens to bring may be gone with its next version."""
    called = {"yaml": "pyyaml", "rfc3161_client": "rfc3161-client"}
    called |= {"allauth": "django-allauth", "axes": "django-axes", "ninja": "django-ninja"}
    called |= {"django_tasks": "django-tasks", "python_calamine": "python-calamine"}
    called |= {"phonenumbers": "phonenumberslite", "stdnum": "python-stdnum"}
    called |= {each: f"lib{each[2:]}-python" for each in ("pyewf", "pymodi", "pyqcow")}
    called |= {each: f"lib{each[2:]}-python" for each in ("pyvhdi", "pyvmdk")}
    called |= {"markdown_it": "markdown-it-py", "PIL": "pillow"}
    declared = {re.split(r"[<>=]", line)[0] for line in PROJECT["dependencies"]} | {"kancil"}
    # What only an extra brings is imported where it is asked for, and its absence is told.
    extras = {
        "pyspark": "kancil/bitcoin/export/spark/session.py",
        "py4j": "kancil/bitcoin/export/spark/session.py",
    }
    declared |= {"llvmlite", "markupsafe"}  # the other halves of numba and of jinja2
    declared |= {"asn1crypto", "pyhanko_certvalidator"}  # in which pyHanko takes certificates
    declared |= {"pydantic", "pydantic_core"}  # in which django-ninja is told of fields
    strays = [
        f"{place(path)}: {top}"
        for path in python_files("src")
        for node in nodes_of(tree_of(path))
        for top in imported(node)
        if top not in sys.stdlib_module_names and called.get(top, top) not in declared
        if not place(path).endswith(extras.get(top, "no such file"))
    ]
    assert not strays
