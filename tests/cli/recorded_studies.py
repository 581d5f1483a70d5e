"""Studies of the sample unit, recorded as its job does, for tests of what leaves."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from kancil.cli.frame.door import Door
from kancil.custody.cases import record_study
from kancil.desk.studies.material import material_of
from kancil.ground.ids import CaseId, StudyId, new_id
from kancil.studies.members import study_named
from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_PAYMENT, PAID_ADDRESS

ASKED: dict[str, dict[str, Any]] = {
    "exposure": {"chain": "main", "address": PAID_ADDRESS, "direction": "received"},
    "cluster": {"chain": "main", "address": PAID_ADDRESS},
    "change": {"chain": "main", "txid": FIRST_PAYMENT},
    "pattern": {"chain": "main", "around": [PAID_ADDRESS]},
}


def record(unit: Unit, case: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a study for a case as the unit's job does, and keep its result."""
    for key, value in unit.env().items():
        monkeypatch.setenv(key, value)
    door = Door(SimpleNamespace(obj={}))
    at = door.workspace
    material, member = material_of(at), study_named(name)
    answered, study = member.run(material, member.ask(material, ASKED[name])), StudyId(new_id())
    (at.studies_dir / f"{study}.json").write_bytes(answered.result.data)
    record_study(
        door.ledger, case=CaseId(door.roll.case(case).id), study=study,
        provenance=answered.provenance, result_sha256=answered.digest, by=door.acting(),
    )  # fmt: skip
