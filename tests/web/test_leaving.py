"""What leaves on the site: reports and bundles, what they keep back, and checking what came in."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.custody import cases as custody_cases
from kancil.custody.basis import from_text
from kancil.ground.words import render
from kancil.reports.pdf import check as pdf_check
from tests.cli.recorded_studies import record
from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_COINS, copied
from tests.reports import poppler
from tests.reports import test_pdf_sign as keys
from tests.web.signing import PASSPHRASE, confirm, forget_confirming, with_key
from tests.web.site import Site, site_of

REPORT, BUNDLE, VERIFY = "/cases/1/report/", "/cases/1/bundle/", "/verify/"


@pytest.fixture
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with an officer whose key opens with their passphrase."""
    found = site_of(copied(sample, tmp_path_factory.mktemp("leaving")))
    with_key(found, "officer")
    return found


def order(**more: object) -> dict[str, object]:
    asked = {"report_kind": "disclosure", "report_language": "en", "passphrase": PASSPHRASE}
    return {**asked, "certificate_passphrase": "", **more}


def ticked(what: str, reason: str, name: str = "withhold") -> dict[str, object]:
    """Tick an entry or a field of one, and give a reason."""
    return {name: [what], f"{name}-{what}": reason}


def officer(site: Site) -> Any:
    """The browser of the officer, who has confirmed who they are."""
    client = site.client("officer")
    confirm(client)
    return client


def whole(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def checked(client: Any, data: bytes, name: str, fingerprint: str = "") -> str:
    sent = {"bundle_file": SimpleUploadedFile(name, data), "fingerprint": fingerprint}
    return str(client.post(VERIFY, sent).content.decode())


def test_an_officer_redacts_signs_by_their_certificate_and_checks_the_report(
    site: Site, tmp_path: Path
) -> None:
    client = officer(site)
    number = site.entries("exhibit.added")[0].n
    path = keys.written(tmp_path, keys.p256())
    sent = order(
        **ticked(f"{number}.source", "a  path"), certificate_passphrase=keys.PASSPHRASE,
        certificate=SimpleUploadedFile("o.p12", path.read_bytes()),
    )  # fmt: skip
    assert client.post(REPORT, sent).status_code == 302
    (made,) = site.entries("report.made")
    assert made.body["withheld"] == [{
        "field": "source", "n": number, "reason": "a path",
        "sha256": site.entries("exhibit.added")[0].hash.hex(),
    }]  # fmt: skip
    assert not site.entries("certificate.made"), "the unit made none of its own"
    pdf = whole(client.get(f"{REPORT}{made.n}.pdf"))
    text = checked(client, pdf, "r.pdf")
    for words in ("Intact: the file is as it was signed", "CN=Officer (test)", "not checked",
                  f"entry {made.n}", made.body["sha256"]):  # fmt: skip
        assert words in text
    assert "NOT with the certificate" in checked(client, pdf, "r.pdf", "a" * 64)
    spoilt = bytearray(pdf)
    spoilt[len(pdf) // 3] ^= 1
    assert "NOT" in checked(client, bytes(spoilt), "r.pdf")
    assert "NOT readable as a signed PDF" in checked(client, b"%PDF-1.7 no more", "r.pdf")


def test_a_case_with_a_study_and_no_trace_leaves_on_the_site(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.unit.say("case", "new", "Of another craft", "--legal-basis", "sample", officer="O1")
    client = officer(site)
    number = max(entry.body["number"] for entry in site.entries("case.opened"))
    from kancil.desk.access.actions import add_member

    case = site.case(f"C{number}")
    add_member(site.ledger, case=case, username="officer", by=site.by, adder=None)
    bundle, report = f"/cases/{number}/bundle/", f"/cases/{number}/report/"
    assert "Nothing to bundle yet" in client.get(bundle).content.decode()
    assert "Nothing to report yet" in client.get(report).content.decode()
    add_member(site.ledger, case=case, username="reader", by=site.by, adder=None)
    for page in (bundle, report):
        assert "Trace money" in client.get(page).content.decode()
        assert "Trace money" not in site.client("reader").get(page).content.decode()
    record(site.unit, f"C{number}", "change", monkeypatch)
    for page, sent in ((bundle, {"purpose": "court", "passphrase": PASSPHRASE}), (report, order())):
        assert client.post(page, sent).status_code == 302, page
    (made,), (printed,) = site.entries("bundle.made"), site.entries("report.made")
    (run,) = site.entries("study.run")
    assert made.body["studies"] == printed.body["studies"] == [run.body["study"]]
    assert made.body["format"] == "kancil-bundle/3"
    data = whole(client.get(f"{bundle}{made.n}.zip"))
    text = checked(client, data, "b.zip")
    assert "nothing to check" in text
    assert "Study 1 is the result that the ledger recorded when it was run." in text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("withhold", ("1", "unit"), "is not in this case"),
        ("withhold", ("nonsense", "why"), "an equals sign"),
        ("withhold", ("3", ""), "Give a reason for withholding 3"),
        ("certificate", b"no certificate", "not a PKCS#12"),
        ("certificate", b"", "empty"),
        ("report_language", "xx", "Choose one of the options"),
    ],
)
def test_what_cannot_be_printed_is_told_at_the_form_and_recorded_nowhere(
    site: Site, field: str, value: Any, says: str
) -> None:
    client = officer(site)
    before = len(site.entries("report.made"))
    if isinstance(value, bytes):
        value = SimpleUploadedFile("x.p12", value)
    given = ticked(*value) if field == "withhold" else {field: value}
    answer = client.post(REPORT, order(**given))
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert len(site.entries("report.made")) == before


def test_an_ed25519_certificate_is_refused_by_its_kind(site: Site, tmp_path: Path) -> None:
    path = keys.written(tmp_path, Ed25519PrivateKey.generate())
    sent = order(
        certificate_passphrase=keys.PASSPHRASE,
        certificate=SimpleUploadedFile("o.p12", path.read_bytes()),
    )
    assert "Ed25519" in officer(site).post(REPORT, sent).content.decode()


def test_a_certificate_for_a_language_nobody_signed_off_is_refused(
    site: Site, tmp_path: Path
) -> None:
    path = keys.written(tmp_path, keys.p256())
    sent = order(
        report_language="km", certificate_passphrase=keys.PASSPHRASE,
        certificate=SimpleUploadedFile("o.p12", path.read_bytes()),
    )  # fmt: skip
    before = len(site.entries("report.made"))
    assert officer(site).post(REPORT, sent).status_code == 200
    assert len(site.entries("report.made")) == before


def test_a_disclosure_of_the_site_lists_what_was_written_and_not_accepted(
    site: Site, tmp_path: Path
) -> None:
    from kancil.desk.studies.actions import begin_draft
    from kancil.desk.studies.queries import Wording

    poppler.need("pdftotext")
    trace = site.entries("trace.run")[0].body["trace"]
    wording = Wording(trace, "chain-fact", 1, 0, "Doubtful, so left aside.")
    begin_draft(case=site.case("C1"), wording=wording, by=site.people["officer"])
    client = officer(site)
    assert client.post(REPORT, order()).status_code == 302
    made = site.entries("report.made")[-1]
    path = tmp_path / "r.pdf"
    path.write_bytes(whole(client.get(f"{REPORT}{made.n}.pdf")))
    assert "Doubtful, so left aside." in " ".join(poppler.text_of(path).split())


def test_what_was_ticked_stays_where_the_password_is_asked_for(site: Site) -> None:
    client = officer(site)
    number = site.entries("exhibit.added")[0].n
    forget_confirming(client)
    sent = order(**ticked(f"{number}.source", "a path"))
    page = client.post(REPORT, sent).content.decode()
    assert '<a href="#id_sign_in_password">' in page
    box = re.search(rf'<input type="checkbox" name="withhold" value="{number}.source"[^>]*>', page)
    assert box
    assert "checked" in box[0]
    assert f'name="withhold-{number}.source" value="a path"' in page
    assert page.count(' name="withhold" value=') > page.count(" checked") == 1


def test_a_bundle_keeps_back_whole_entries_with_their_reasons(site: Site) -> None:
    client = officer(site)
    number = site.entries("exhibit.added")[0].n
    sent = {"purpose": "court", "passphrase": PASSPHRASE}
    part = ticked(f"{number}.source", "x", "withhold_whole")
    assert "whole or not at all" in client.post(BUNDLE, {**sent, **part}).content.decode()
    whole_entry = ticked(str(number), "a source", "withhold_whole")
    assert client.post(BUNDLE, {**sent, **whole_entry}).status_code == 302
    (made,) = site.entries("bundle.made")
    data = whole(client.get(f"{BUNDLE}{made.n}.zip"))
    text = checked(client, data, "b.zip")
    assert "Intact" in text
    assert f"entry {number}: a source" in text
    assert json.loads(made.data)["statement"]["body"]["withheld"][0]["n"] == number


def test_what_leaves_after_the_legal_basis_ended_is_made_with_a_warning(site: Site) -> None:
    from kancil.desk.cases.actions import open_case

    client, person = officer(site), site.people["officer"]
    warning = "The legal basis of this case ended on 2020-01-01. You may still make this"
    assert warning not in client.get(BUNDLE).content.decode()
    basis = replace(from_text("Sample Court"), expires_on=date(2020, 1, 1))
    with pytest.MonkeyPatch.context() as patch:
        then = SimpleNamespace(now=lambda: datetime(2019, 12, 1, tzinfo=UTC))
        patch.setattr(custody_cases, "clock", then)
        open_case(site.ledger, title="Old", basis=basis, opener=person, by=site.by)
        number = site.entries("case.opened")[-1].body["number"]
        site.unit.say("bitcoin", "trace", "main", FIRST_COINS, "--case", f"C{number}")
    bundle = {"purpose": "court", "passphrase": PASSPHRASE}
    for kind, sent in (("bundle", bundle), ("report", order())):
        path = f"/cases/{number}/{kind}/"
        assert warning in client.get(path).content.decode()
        answer = client.post(path, sent, follow=True)
        assert answer.status_code == 200
        made = site.entries(f"{kind}.made")[-1]
        assert made.case_id == site.case(f"C{number}"), answer.content.decode()
        assert made.body["basis_ended_on"] == "2020-01-01"


def test_a_second_file_of_a_person_waits_until_the_first_is_checked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = officer(site)
    # Not before the site is open: Django has its settings from it.
    from kancil.web.cases import checking

    person = site.people["officer"].pk
    monkeypatch.setattr(checking, "_checking", {person})
    monkeypatch.setattr(checking, "check_bundle", None)
    assert render("web.verify.busy") in checked(client, b"PK", "b.zip")
    assert checking._checking == {person}, "the first is still being checked"


def test_a_file_that_is_refused_is_told_at_the_form_and_the_next_one_is_taken(site: Site) -> None:
    from kancil.web.cases import checking

    client = officer(site)
    told = checked(client, b"%PDF-" + bytes(pdf_check.MOST_BYTES), "r.pdf")
    assert "50 MB" in told
    assert checking._checking == set()


def test_the_page_of_the_check_names_only_files_that_the_bundle_has(site: Site) -> None:
    client = officer(site)
    sent = {"purpose": "court", "passphrase": PASSPHRASE}
    assert client.post("/cases/1/bundle/", sent).status_code == 302
    page = client.get("/cases/1/check/").content.decode()
    found = re.search(r"Or check by hand: ([^<]+)", page)
    link = re.search(
        r'href="(/cases/1/bundle/[^"]+)"', client.get("/cases/1/bundle/").content.decode()
    )
    assert found, "the page says where things stand"
    assert link, "the bundle is kept"
    sent_back = b"".join(client.get(link[1]).streaming_content)
    with zipfile.ZipFile(io.BytesIO(sent_back)) as bundle:
        names = bundle.namelist()
    for path in re.findall(r"[A-Za-z]+(?:/[A-Za-z0-9.]+)+|MANIFEST\.[a-z]+", found[1]):
        place = path.rstrip(".").replace("/N/", "/1/")
        assert any(name.startswith(place) for name in names), path
