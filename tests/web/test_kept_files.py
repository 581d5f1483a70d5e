"""A bundle or report that somebody replaced on the server is handed to nobody."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from kancil.cli.errors import RowsDiffer
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.signing import PASSPHRASE, confirm, with_key
from tests.web.site import Site, site_of
from tests.zips import negative_offset

REPORT, BUNDLE = "/cases/1/report/", "/cases/1/bundle/"


@pytest.fixture
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that has made a report and a bundle."""
    found = site_of(copied(sample, tmp_path_factory.mktemp("kept")))
    with_key(found, "officer")
    client = officer(found)
    asked = {"report_kind": "prosecutor", "report_language": "en", "passphrase": PASSPHRASE}
    assert client.post(REPORT, asked).status_code == 302
    sent = {"purpose": "court", "passphrase": PASSPHRASE}
    assert client.post(BUNDLE, sent).status_code == 302
    return found


def officer(site: Site) -> Any:
    """The browser of the officer, who has confirmed who they are."""
    client = site.client("officer")
    confirm(client)
    return client


def kept(site: Site, what: str) -> tuple[Path, str]:
    """The one kept file of a kind, and its address."""
    (path,) = (site.unit.root / "desk" / f"{what}s").iterdir()
    number = path.stem.partition("-")[2]
    return path, f"/cases/1/{what}/{number}{path.suffix}"


def differing(site: Site) -> list[tuple[str, str]]:
    """Verify the workspace; gives what is wrong with kept files."""
    answer = site.unit.ask("verify", site.unit.root, status=RowsDiffer.exit_status)
    return [(each["file"], each["code"]) for each in answer["kept"]]


def test_a_bundles_digest_is_in_the_ledger_and_what_was_made_is_sent(site: Site) -> None:
    path, address = kept(site, "bundle")
    (entry,) = site.entries("bundle.kept")
    assert entry.body["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert entry.body["bundle"] == site.entries("bundle.made")[0].n
    answer = officer(site).get(address)
    assert b"".join(answer.streaming_content) == path.read_bytes()
    assert differing(site) == []


@pytest.mark.parametrize("what", ["bundle", "report"])
def test_what_was_replaced_is_refused_named_and_recorded_once(site: Site, what: str) -> None:
    path, address = kept(site, what)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"!")
    try:
        for _ in range(2):
            answer = officer(site).get(address)
            assert answer.status_code == 500
            assert "was changed after it was made" in answer.content.decode()
        assert differing(site) == [(path.name, "changed")]
    finally:
        path.write_bytes(whole)
    refused = [
        each for each in site.entries("file.refused")
        if each.body["entry"] == int(path.stem.partition("-")[2])
    ]  # fmt: skip
    assert len(refused) == 1
    assert refused[0].body["sha256"] == hashlib.sha256(whole[:-1] + b"!").hexdigest()
    assert refused[0].body["on_behalf"]["account"] == "officer"
    audit = site.client("administrator").get("/audit/").content.decode()
    assert "the kept file was changed" in audit
    assert officer(site).get(address).status_code == 200


def test_the_api_refuses_it_too(site: Site) -> None:
    from kancil.desk.people.actions import make_token

    _, token = make_token(person=site.people["officer"], name="t", may_write=False, days=1)
    path, _ = kept(site, "bundle")
    whole = path.read_bytes()
    address = f"/api/v1/cases/C1/bundles/{path.stem.partition('-')[2]}/file"
    path.write_bytes(b"anything")
    try:
        answer = site.client(None).get(address, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 500
        assert answer.json()["error"] == "kept-file-changed"
    finally:
        path.write_bytes(whole)


def test_what_no_entry_records_is_not_sent_and_what_is_gone_is_missed(site: Site) -> None:
    path, address = kept(site, "report")
    planted = path.with_name("C1-999999.pdf")
    planted.write_bytes(b"%PDF-1.7 planted")
    bundle, _ = kept(site, "bundle")
    away = bundle.rename(site.unit.root / "away.zip")
    try:
        assert officer(site).get(f"{REPORT}999999.pdf").status_code == 404
        assert differing(site) == [
            (planted.name, "stranger"),
            (f"bundle {bundle.stem.partition('-')[2]}", "missing"),
        ]
    finally:
        planted.unlink()
        away.rename(bundle)
    assert officer(site).get(address).status_code == 200


def test_a_bundle_of_before_its_digest_was_recorded_is_sent_and_named(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.custody.roll import Roll

    path, address = kept(site, "bundle")
    folded = site.ledger.folded(Roll)
    monkeypatch.setattr(folded, "kept_files", {})
    monkeypatch.setattr(type(site.ledger), "folded", lambda _ledger, _kind: folded)
    assert officer(site).get(address).status_code == 200
    from kancil.desk.cases.kept_files import kept_faults, without_digest

    assert without_digest(folded, site.workspace) == [path.name]
    assert [each.code for each in kept_faults(folded, site.workspace)] == ["stranger"]


def test_a_zip_with_a_negative_offset_is_told_as_a_changed_bundle(site: Site) -> None:
    path, _ = kept(site, "bundle")
    path.chmod(0o600)
    path.write_bytes(negative_offset("custody/checkpoint.txt"))
    assert differing(site) == [(path.name, "changed")]
