"""The invented swindle of `tests/data/scam` on a served unit: six tables read in case 1."""

from __future__ import annotations

import json
from pathlib import Path

from kancil.evidence.tables.column_mapping import ColumnMapping
from tests.cli.running import Unit
from tests.data.scam.make import FILES
from tests.studies.reported.scam import mapping_of
from tests.web.site import Site


def read_scam(site: Site, folder: Path, names: tuple[str, ...] = tuple(FILES)) -> None:
    """Add the tables as exhibits of case 1 and read what they state, as an officer decides."""
    read_tables(site.unit, folder, names)


def read_tables(unit: Unit, folder: Path, names: tuple[str, ...] = tuple(FILES)) -> None:
    """The same on a unit by its commands alone."""
    for name in names:
        table, mapping = folder / name, folder / f"{name}.json"
        table.write_bytes(FILES[name])
        decided: ColumnMapping = mapping_of(name)
        mapping.write_text(json.dumps(decided.as_dict()), encoding="utf-8")
        exhibit = unit.ask("exhibit", "add", "C1", table, "--title", name)["label"]
        unit.say("transfers", "read", exhibit, "--mapping", mapping)
