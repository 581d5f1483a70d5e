"""`kancil upgrade`: killed between two changes of the tables; workspaces of before the release."""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from kancil.custody.errors import LedgerOnNetworkShare
from kancil.desk.base import opening
from kancil.desk.base.opening import bring_up_to_date, close_desk, open_desk
from kancil.ground import canonical
from kancil.ground.disk import Disk
from kancil.ground.errors import LedgerFormatUnreleased
from tests.cli.running import run
from tests.desk.desks import Desk, Maker

pytestmark = pytest.mark.thorough

NUMBERED = re.compile(r"^(fk_|__unnamed_constraint_)\d+(__)?$")
"""Names that Django gives in SQLite by the order in which they stand."""
SENTENCE = "is of format 1, from before the first release, whose ledger this Kancil does not open."


@pytest.mark.parametrize("command", [("case", "list"), ("upgrade",), ("verify", "")])
def test_a_workspace_from_before_the_release_is_refused_and_not_changed(
    desk: Desk, command: tuple[str, ...]
) -> None:
    root = desk.workspace.root
    settings = root / "kancil.toml"
    settings.write_text(settings.read_text("utf-8").replace("format = 2", "format = 1"), "utf-8")
    before = settings.read_bytes()
    ran = run(*(word or root for word in command), env=desk.environment())
    assert ran.status == LedgerFormatUnreleased.exit_status, ran
    assert f"{root} {SENTENCE}" in " ".join(ran.err.split())
    assert "kancil init" in ran.err
    assert settings.read_bytes() == before


def test_a_backup_from_before_the_release_is_refused_and_leaves_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    out, folder = tmp_path / "older.tar", tmp_path / "again"
    listing = canonical.dumps({"files": [], "format": 1, "missing": [], "what": "kancil-backup"})
    with tarfile.open(out, "w") as tar:
        header = tarfile.TarInfo("BACKUP.json")
        header.size = len(listing)
        tar.addfile(header, io.BytesIO(listing))
    ran = run("restore", out, folder, env=desk.environment())
    assert ran.status == LedgerFormatUnreleased.exit_status, ran
    assert f"{out} {SENTENCE}" in " ".join(ran.err.split())
    assert not folder.exists()


def test_a_desk_on_a_network_share_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Disk("no", "//server/share cifs", is_network=True)
    monkeypatch.setattr(opening, "look_at", lambda _: seen)
    with pytest.raises(LedgerOnNetworkShare):
        open_desk(desk.workspace)


def test_killed_between_a_change_of_the_tables_and_its_note_it_is_made_again(
    kind: str, maker: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django notes most changes after they are done; a desk must not be lost between the two."""
    desk = maker.make(kind, tmp_path / "unit")
    url = maker.empty_url(kind)
    desk.workspace.desk_path.unlink(missing_ok=True)
    note = MigrationRecorder.record_applied
    notes: list[str] = []

    def noted_until(stop_at: int) -> Callable[[MigrationRecorder, str, str], None]:
        def noted(self: MigrationRecorder, app: str, name: str) -> None:
            notes.append(name)
            if len(notes) == stop_at:
                raise KeyboardInterrupt
            note(self, app, name)

        return noted

    for stop_at in (1, 2, 20):
        notes.clear()
        open_desk(desk.workspace, url)
        with monkeypatch.context() as patch:
            patch.setattr(MigrationRecorder, "record_applied", noted_until(stop_at))
            with pytest.raises(KeyboardInterrupt):
                bring_up_to_date()
    open_desk(desk.workspace, url)
    bring_up_to_date()
    executor = MigrationExecutor(connections["default"])
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert len(executor.loader.applied_migrations) > 20
    close_desk()


def tables_of(connection: BaseDatabaseWrapper) -> dict[str, tuple[object, ...]]:
    """Describe each table, whatever the order of its columns and links, and count its rows."""
    found: dict[str, tuple[object, ...]] = {}
    seen = connection.introspection
    with connection.cursor() as cursor:
        for name in seen.table_names(cursor):
            columns = sorted(map(repr, seen.get_table_description(cursor, name)))
            cursor.execute(f'SELECT COUNT(*) FROM "{name}"')
            rules = seen.get_constraints(cursor, name).items()
            named = [(NUMBERED.sub("", each), repr(rule)) for each, rule in rules]
            found[name] = (columns, sorted(named), cursor.fetchone())
    return found


def test_tables_made_at_once_are_those_to_which_all_changes_come(
    kind: str, maker: Maker, tmp_path: Path
) -> None:
    desk = maker.make(kind, tmp_path / "unit")
    found = []
    for make in (opening.make_tables, lambda: call_command("migrate", verbosity=0)):
        close_desk()
        desk.workspace.desk_path.unlink(missing_ok=True)
        open_desk(desk.workspace, maker.empty_url(kind))
        with connections["default"].constraint_checks_disabled(), transaction.atomic():
            make()
        found.append(tables_of(connections["default"]))
    close_desk()
    assert len(found[0]) > 100
    assert found[0] == found[1]
