"""A study behind the pages: recorded under the task's id, its result kept, its selectors found."""

from __future__ import annotations

from typing import Any

import pytest

from kancil.studies.members import STUDIES, study_named
from kancil.studies.study import Compared, kept_result, read_recorded, run_again
from tests.cli.sample_unit import FIRST_PAYMENT, PAID_ADDRESS
from tests.work.shop import Shop

ASKED: dict[str, dict[str, Any]] = {
    "exposure": {"address": PAID_ADDRESS, "also_allegations": True},
    "cluster": {"address": PAID_ADDRESS},
    "change": {"txid": FIRST_PAYMENT},
    "pattern": {"patterns": ["peel-chain", "fan-out"], "most": 3},
}


def test_every_member_is_tried_here_but_two_that_have_files_of_their_own() -> None:
    """The trace in `test_traces`, the disk in `tests/web/test_disk_identifiers`."""
    assert set(ASKED) == {study.name for study in STUDIES} - {"trace", "disk"}


@pytest.mark.parametrize("name", ASKED)
def test_a_study_is_recorded_kept_and_comes_out_again(shop: Shop, name: str) -> None:
    from kancil.desk.cases.models import Study
    from kancil.desk.selectors.models import Sighting
    from kancil.desk.studies.material import material_of

    site = shop.site
    task_id = shop.ask("run-study", case="C1", study=name, asked={"chain": "main", **ASKED[name]})
    assert shop.work_off() == 1
    gave = shop.gave(task_id)
    entry = site.entries("study.run")[-1]
    recorded = read_recorded(entry)
    assert (recorded.id, recorded.label) == (task_id, f"S{gave['study']}")
    result = kept_result(recorded, site.workspace.studies_dir)
    assert {table.name: len(table.rows) for table in result.tables} == gave["tables"]
    row = Study.objects.get(id=task_id)
    assert (row.study, row.number, row.n) == (name, gave["study"], entry.n)
    assert run_again(study_named(name), recorded, material_of(site.workspace)) is Compared.SAME
    named = Sighting.objects.filter(source=task_id, value__in=[PAID_ADDRESS, FIRST_PAYMENT])
    assert named.exists() is (name != "pattern")


def test_the_check_of_a_workspace_tells_a_result_that_was_changed_or_lost(shop: Shop) -> None:
    from kancil.custody.roll import Roll
    from kancil.desk.cases.kept_files import KeptFault, kept_faults

    site = shop.site
    asked = {"chain": "main", "address": PAID_ADDRESS}
    task_id = shop.ask("run-study", case="C1", study="cluster", asked=asked)
    shop.work_off()
    label = f"S{shop.gave(task_id)['study']}"
    path = site.workspace.studies_dir / f"{task_id}.json"
    (site.workspace.studies_dir / "left-by-a-killed-job.json").write_bytes(b"{}")

    def faults() -> list[KeptFault]:
        return kept_faults(site.ledger.folded(Roll), site.workspace)

    assert faults() == []
    path.write_bytes(path.read_bytes().replace(b"p2pkh", b"p2psh"))
    assert faults() == [KeptFault(label, "changed")]
    path.unlink()
    assert faults() == [KeptFault(label, "missing")]


@pytest.mark.parametrize(
    ("study", "asked", "code"),
    [
        ("trace", {}, "option-not-usable"),
        ("guess", {}, "member-not-found"),
        ("cluster", {"chain": "../labels", "address": PAID_ADDRESS}, "option-not-usable"),
        ("cluster", {"chain": "none", "address": PAID_ADDRESS}, "chain-not-found"),
        ("cluster", {"chain": "main", "address": PAID_ADDRESS, "more": 1}, "option-not-usable"),
        ("exposure", {"chain": "main", "address": PAID_ADDRESS, "hops": "4"}, "option-not-usable"),
        ("exposure", {"chain": "main", "address": "x" * 30}, "address-checksum-wrong"),
        ("change", {"chain": "main", "txid": "f" * 64}, "not-in-chain"),
        ("pattern", {"chain": "main", "threshold": "many"}, "option-not-usable"),
    ],
)
def test_what_cannot_be_run_is_told_and_leaves_no_entry(
    shop: Shop, study: str, asked: dict[str, Any], code: str
) -> None:
    before = len(shop.site.entries("study.run"))
    task_id = shop.ask("run-study", case="C1", study=study, asked=asked)
    shop.work_off()
    assert shop.met(task_id) == code
    assert len(shop.site.entries("study.run")) == before
    assert not (shop.site.workspace.studies_dir / f"{task_id}.json").exists()
