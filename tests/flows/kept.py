"""The kept workspace of an older Kancil (tests/data/workspace), unpacked and opened."""

from __future__ import annotations

import json
import tarfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.cli.running import ROOT, Unit
from tests.web.site import Site

ARCHIVE = ROOT / "tests" / "data" / "workspace" / "old.tar.xz"


@dataclass
class Kept:
    """A workspace and the papers that were made with it."""

    root: Path

    @property
    def unit(self) -> Unit:
        return Unit(self.root / "unit")

    @property
    def papers(self) -> Path:
        return self.root / "papers"

    @cached_property
    def about(self) -> Any:
        return json.loads((self.papers / "about.json").read_text(encoding="utf-8"))

    def site(self) -> Site:
        """Open its desk with the people that it has."""
        from kancil.cli.frame.desk import desk_ledger
        from kancil.custody.acting import ActingOfficer
        from kancil.custody.keys import KeyRing
        from kancil.custody.roll import Roll
        from kancil.ground.workspace import open_workspace

        workspace = open_workspace(self.unit.root)
        ledger = desk_ledger(workspace)
        from kancil.desk.people.models import Person

        officer = ledger.folded(Roll).officer("O1")
        by = ActingOfficer(officer.id, KeyRing(workspace.keys_dir).officer_signer(officer.id))
        people = {person.username: person for person in Person.objects.all()}
        return Site(self.unit, workspace, ledger, by, people)


def unpacked(archive: Path, folder: Path) -> Kept:
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="tar")  # ours: keys keep their modes
    kept = Kept(folder)
    kept.unit.say("upgrade")
    return kept
