"""Checking a case's newest bundle on the site, and the check of a copy that was damaged for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.signing import PASSPHRASE, confirm, with_key
from tests.web.site import Site, site_of

MEANS = "Intact does not mean true, complete or lawfully obtained."


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A unit in which an officer has made a bundle of case 1."""
    found = site_of(copied(sample, tmp_path_factory.mktemp("proving")))
    with_key(found, "officer")
    client = found.client("officer")
    confirm(client)
    given = {"purpose": "for the court", "passphrase": PASSPHRASE}
    assert client.post("/cases/1/bundle/", given).status_code == 302
    return found


def check(site: Site, name: str, do: str = "") -> str:
    return str(site.client(name).post("/cases/1/check/", {"do": do}).content.decode())


def test_the_check_confirms_the_bundle_by_the_key_that_the_ledger_names(site: Site) -> None:
    (entry,) = site.entries("bundle.made")
    page = check(site, "reader")
    assert "Intact: nothing was changed since Officer (O5) signed it, with the key" in page
    assert MEANS in page
    assert entry.key in page.split("The newest bundle")[1], "which a recipient compares"
    assert "one that was expected" in page
    assert "another channel: enter" not in page, "there is no field for a fingerprint here"


@pytest.mark.parametrize("name", ["officer", "reader"])
def test_a_damaged_copy_is_refused_and_the_bundle_stays_as_it_is(site: Site, name: str) -> None:
    (kept,) = (site.workspace.root / "desk" / "bundles").rglob("*.zip")
    before, size = kept.read_bytes(), site.ledger.head().size
    page = check(site, name, "damage")
    assert "One bit was changed in a copy of the bundle" in page
    assert "NOT intact" in page
    assert MEANS not in page, "of what is not intact it says nothing"
    assert len(re.findall("does not hold", page)) >= 1
    assert kept.read_bytes() == before
    assert not any(site.workspace.uploads_dir.iterdir()), "the copy is gone"
    entries = {entry.kind for entry in site.ledger.entries(size + 1)}
    assert entries <= {"case.entered"}


def test_damage_turns_one_bit_of_one_byte(site: Site, tmp_path: Path) -> None:
    from kancil.web.cases.proving import damage

    path = tmp_path / "file"
    for data in (b"a", b"ab", bytes(range(256)) * 9):
        path.write_bytes(data)
        place = damage(path)
        changed = path.read_bytes()
        differ = [at for at in range(len(data)) if data[at] != changed[at]]
        assert (differ, len(changed)) == ([place], len(data))
        assert (data[place] ^ changed[place]).bit_count() == 1


def test_what_a_large_case_holds_is_folded_and_never_what_fails_or_was_not_checked() -> None:
    from kancil.reports.casework.bundle.checker.verdict import STEPS, BundleVerdict
    from kancil.reports.casework.bundle.remark import Remark
    from kancil.web.cases.checking import MOST_SAID, verdict_sections

    verdict = BundleVerdict("0" * 64, 1)
    remarks = [Remark("no-time-stamp") for _ in range(MOST_SAID + 30)]
    for name in STEPS:
        step = verdict.steps[name]
        step.said, step.problems, step.not_checked = remarks[:], remarks[:], remarks[:]
    found = {section["kind"]: section for section in verdict_sections(verdict)}
    shown = [len(row[2].cells) for row in found["table"]["rows"]]
    assert shown == [2 * len(remarks) + MOST_SAID] * len(STEPS)
    assert len(found["folded"]["rows"]) == 30 * len(STEPS)
    assert "folds" not in found, "nothing is quoted where nothing was read"


def test_what_the_unit_states_is_under_one_fold(site: Site) -> None:
    page = check(site, "reader")
    before, stated = page.split("<summary>What the unit states</summary>")
    assert "<summary>The case</summary>" in stated
    assert "<details" not in before.split("Step by step")[1].rsplit("<details", 1)[0]
