"""Two sites of one house: in the programme's there is no case book, installed or as a table."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from kancil.desk.base.settings import APPS_CLASSROOM, APPS_PROGRAMME, APPS_UNIT, settings_for
from kancil.ground.ids import UnitId, new_id
from kancil.ground.workspace import Site, Unit, lay_out, mark, open_workspace
from tools.tree import ROOT

CASE_BOOKS = {f"kancil.desk.{room}" for room in ("custody", "cases", "studies")}
PROGRAMME_BOOKS = {f"kancil.desk.{room}" for room in ("assessment", "packages", "programme")}
OPENED = """
import os, pathlib, sys
from kancil.desk.base.opening import bring_up_to_date, open_desk
from kancil.ground.workspace import open_workspace

open_desk(open_workspace(pathlib.Path(os.environ["KANCIL_HOME"])))
bring_up_to_date()
from django.db import connection
print(*connection.introspection.table_names())
print(*(each for each in sys.modules if each.startswith("kancil.desk.")))
"""


def founded(root: Path, site: Site) -> None:
    lay_out(root)
    mark(root, Unit(UnitId(new_id()), "Office", "AT", ZoneInfo("UTC"), "en"), site)


def test_no_site_installs_a_book_of_the_other() -> None:
    assert CASE_BOOKS.isdisjoint(APPS_PROGRAMME)
    assert PROGRAMME_BOOKS.isdisjoint(APPS_UNIT)
    assert PROGRAMME_BOOKS.isdisjoint(APPS_CLASSROOM)
    assert "kancil.desk.jobs" in {*APPS_UNIT} & {*APPS_PROGRAMME}, "the queue serves both"
    assert set(APPS_CLASSROOM) >= set(APPS_UNIT) >= CASE_BOOKS
    assert set(APPS_PROGRAMME) >= PROGRAMME_BOOKS


def test_a_workspace_says_which_site_it_serves(tmp_path: Path) -> None:
    for site in Site:
        founded(tmp_path / site, site)
        workspace = open_workspace(tmp_path / site)
        assert workspace.site is site
        said = (tmp_path / site / "kancil.toml").read_text("utf-8")
        assert ("site" in said) is (site is not Site.UNIT)
        given = settings_for(workspace, None)
        named = repr({key: value for key, value in given.items() if key != "DATABASES"})
        assert ("kancil.desk.cases" in named) is site.holds_cases
        assert "kancil.web.cases" not in named
        assert ("kancil.web.page.shell" in named) is site.holds_cases


def test_the_programmes_desk_has_no_table_and_no_code_of_case_books(tmp_path: Path) -> None:
    founded(tmp_path, Site.PROGRAMME)
    done = subprocess.run(
        [sys.executable, "-c", OPENED],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env={**os.environ, "KANCIL_HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    tables, modules = (set(line.split()) for line in done.stdout.splitlines())
    assert {"person", "round", "answer", "interview", "programme_act", "work_task"} <= tables
    assert tables.isdisjoint({"ledger_entry", "ledger_head", "case_row", "exhibit"})
    assert not [each for each in modules if each.startswith(tuple(CASE_BOOKS))]
