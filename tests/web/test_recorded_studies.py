"""Recorded studies on the site: asked from a page, run behind it, read, compared, signed from."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_PAYMENT, PAID_ADDRESS, copied
from tests.web.signing import PASSPHRASE, confirm, with_key
from tests.web.site import OUTSIDER, Site, site_of
from tests.web.test_permissions import RAW_KEY
from tests.work.launch import load
from tests.work.shop import Shop

SPENT = "1Pu6ECnJkRMn5pJqjbwE6dBv88tY9CBEQ5"
CLUSTER = f"/chains/main/clusters/{SPENT}/"
CHANGE = f"/chains/main/tx/{FIRST_PAYMENT}/"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A unit whose C1 has a cluster, S1, an exposure, S2, a change, S3, and patterns, S4."""
    load()
    served = site_of(copied(sample, tmp_path_factory.mktemp("recorded")))
    with_key(served, "officer")
    case = served.case("C1")
    client = served.client("officer")
    for where in (
        f"{CLUSTER}record/",
        f"/chains/main/clusters/{PAID_ADDRESS}/exposure/record/?side=received&exposure_hops=2",
        f"{CHANGE}record/",
    ):
        answer = client.post(where, {"record_case": case})
        assert answer.status_code == 302, answer.content.decode()
        assert answer.headers["Location"].startswith("/tasks/")
    asked = {"chain": "main", "patterns": ["peel-chain"], "most_found": "5"}
    answer = client.post("/cases/1/patterns/", asked)
    assert answer.status_code == 302, answer.content.decode()
    assert Shop(served, "").work_off() == 4
    return served


def page(site: Site, address: str, who: str = "officer") -> str:
    answer = site.client(who).get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return html.unescape(answer.content.decode())


def said(site: Site, address: str, who: str = "officer") -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page(site, address, who)).split())


def test_a_page_offers_to_record_what_it_answers_to_those_who_may(site: Site) -> None:
    for address in (CLUSTER, f"{CLUSTER}exposure/", CHANGE):
        site.make_clusters()
        assert "record/" in page(site, address)
        assert "record/" not in page(site, address, "reader")
    text = said(site, f"{CLUSTER}record/")
    assert f"Which addresses are spent together with {SPENT}?" in text
    assert "C1 The first payment" in text
    assert "Seventy-one hops" not in text, "cases of others are not offered"
    assert "No case yet" in said(site, f"{CLUSTER}record/", OUTSIDER)


def test_a_case_of_others_cannot_be_recorded_in(site: Site) -> None:
    before = site.ledger.head().size
    answer = site.client("officer").post(f"{CLUSTER}record/", {"record_case": site.case("C2")})
    assert answer.status_code == 200
    assert Shop(site, "").work_off() == 0
    assert {entry.kind for entry in site.ledger.entries(before + 1)} <= {"case.entered"}


def test_the_question_of_the_page_is_the_one_that_is_recorded(site: Site) -> None:
    first, second, third, fourth = (entry.body for entry in site.entries("study.run"))
    assert first["provenance"]["parameters"]["address"] == SPENT
    asked = second["provenance"]["parameters"]
    assert (asked["direction"], asked["hops"], asked["cluster"]) == ("received", 2, False)
    assert third["provenance"]["parameters"]["txid"] == FIRST_PAYMENT
    assert [each["name"] for each in fourth["provenance"]["parameters"]["patterns"]] == [
        "peel-chain"
    ]


def test_a_recorded_study_answers_first_and_tells_its_limits_once(site: Site) -> None:
    text = said(site, "/cases/1/studies/1/", "reader")
    answer, members = text.index("in a cluster of 16 addresses"), text.index("p2pkh")
    limits = text.index("Limits of this result (")
    assert answer < members < limits
    assert "Write finding" not in text
    assert "Run again" not in text
    whole = page(site, "/cases/1/studies/1/")
    assert f'href="/chains/main/address/{SPENT}/"' in whole
    assert "/cases/1/studies/1/finding/?table=members&row=2" in whole
    for number in (2, 3, 4):
        assert "Limits of this result (" in said(site, f"/cases/1/studies/{number}/")
    assert site.client("officer").get("/cases/1/studies/9/").status_code == 404


def test_no_page_of_a_study_shows_a_key_in_place_of_words(site: Site) -> None:
    for address in (
        *(f"/cases/1/studies/{number}/" for number in (1, 2, 3, 4)),
        "/cases/1/money/", "/cases/1/patterns/", "/tasks/", f"{CHANGE}record/",
        "/cases/1/studies/1/finding/?table=links&row=1",
    ):  # fmt: skip
        assert not RAW_KEY.findall(page(site, address)), address


def test_every_row_of_a_long_table_can_be_reached(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.web.studies import result_page
    from kancil.web.studies.results import tables as study_tables

    monkeypatch.setattr(study_tables, "PAGE_ROWS", 10)
    assert result_page.PAGE_ROWS == 50
    whole = page(site, "/cases/1/studies/1/")
    assert whole.count("finding/?table=members&row=") == 10
    assert "tab=members&amp;page=2" in whole.replace("&page", "&amp;page")
    last = page(site, "/cases/1/studies/1/?tab=members&page=2")
    found = re.findall(r"finding/\?table=members&row=([0-9]+)", last)
    assert found == ["11", "12", "13", "14", "15", "16"]
    assert "Write finding" not in said(site, "/cases/1/studies/1/?tab=members&page=2", "reader")
    unknown = said(site, "/cases/1/studies/1/?tab=x", "reader")
    assert "Page 1 of 2" in unknown, "a tab that is none is the first"


def test_each_table_is_a_file(site: Site) -> None:
    answer = site.client("reader").get("/cases/1/studies/1/members.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 16
    assert rows[0]["address"] == SPENT
    assert site.client("reader").get("/cases/1/studies/1/nothing.csv").status_code == 404


def test_lists_search_and_the_audit_log_name_it(site: Site) -> None:
    listed = said(site, "/cases/1/money/")
    assert "T1" in listed
    assert f"S1 Cluster Which addresses are spent together with {SPENT}?" in listed
    found = site.client("officer").get("/find/?q=S1")
    assert found.headers["Location"] == "/cases/1/studies/1/"
    assert "S1" in said(site, f"/find/?q={SPENT}")
    assert "/studies/1/" not in page(site, "/find/?q=S1", OUTSIDER)
    log = page(site, "/cases/1/custody/?page=2") + page(site, "/cases/1/custody/")
    assert 'href="/cases/1/studies/1/"' in log
    assert "Study recorded" in log


def test_it_is_run_again_and_compared_behind_the_pages(site: Site) -> None:
    answer = site.client("officer").post("/cases/1/studies/2/check/")
    task = answer.headers["Location"]
    shown = page(site, "/cases/1/studies/2/")
    assert 'hx-get="/tasks/' in shown, "how far it is stands in place"
    before = site.ledger.head().size
    assert Shop(site, "").work_off() == 1
    assert site.ledger.head().size == before
    assert "S2 gives the recorded result again." in said(site, "/cases/1/studies/2/")
    assert '"/cases/1/studies/2/"' in page(site, task)
    assert site.client("reader").post("/cases/1/studies/2/check/").status_code == 403


def test_a_finding_of_a_row_is_written_kept_and_accepted(site: Site) -> None:
    client = site.client("officer")
    where = "/cases/1/studies/1/finding/?table=members&row=2"
    reads = said(site, where)
    assert "Under the multi-input heuristic" in reads
    assert "One owner is not proved" in reads
    kept = client.post(where, {"remark": "as in the report", "do": "keep"})
    draft = kept.headers["Location"]
    assert "S1" in said(site, draft)
    assert "Under the multi-input heuristic" in said(site, draft)
    confirm(client)
    sent = {"remark": "as in the report", "version": "1", "passphrase": PASSPHRASE}
    assert client.post(draft, sent).headers["Location"] == "/cases/1/findings/"
    entry = site.entries("finding.accepted")[-1]
    recorded = site.entries("study.run")[0].body
    assert (entry.body["trace"], entry.body["result_sha256"]) == (
        recorded["study"], recorded["result_sha256"],
    )  # fmt: skip
    assert (entry.body["class"], entry.body["code"]) == ("policy-result", "same-cluster")
    assert entry.body["params"]["remark"] == "as in the report"
    told = client.post(where, {"remark": "", "passphrase": PASSPHRASE}).content.decode()
    assert "was accepted before as F1. Nothing was signed" in told
    again = {"remark": "", "passphrase": PASSPHRASE, "again": "on"}
    answer = client.post(where, again)
    assert answer.headers["Location"] == "/cases/1/findings/"


def test_a_row_of_which_no_finding_can_be_made_says_so(site: Site) -> None:
    for query in ("?table=subject&row=1", "?table=members&row=99", "?table=x&row=y"):
        answer = site.client("officer").get(f"/cases/1/studies/1/finding/{query}")
        assert answer.status_code == 400, query
        assert "does not support that finding" in answer.content.decode()


def test_drafts_of_traces_and_studies_are_read_and_accepted_together(site: Site) -> None:
    client = site.client("officer")
    for where, sent in (
        ("/cases/1/money/1/finding/?row=1", {"finding_class": "chain-fact", "row": "1"}),
        ("/cases/1/studies/1/finding/?table=links&row=1", {}),
        ("/cases/1/studies/3/finding/?table=combinations&row=1", {}),
    ):
        assert client.post(where, {**sent, "do": "keep"}).status_code == 302
    shown = page(site, "/cases/1/findings/drafts/")
    ticked = re.findall(r'name="draft" value="([^"]+)"', shown)
    assert len(ticked) == 3
    confirm(client)
    before = len(site.entries("finding.accepted"))
    chosen = {"draft": ticked, "passphrase": PASSPHRASE}
    answer = client.post("/cases/1/findings/drafts/", chosen)
    assert answer.status_code == 302, answer.content.decode()
    codes = [entry.body["code"] for entry in site.entries("finding.accepted")[before:]]
    assert codes == ["payment", "spent-together", "change-output"]


def test_a_study_that_comes_out_otherwise_gives_no_finding(site: Site) -> None:
    from kancil.desk.studies import recorded
    from kancil.studies.study import Compared

    client = site.client("officer")
    confirm(client)
    before = site.ledger.head().size
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recorded, "run_again", lambda *_given: Compared.INPUTS_CHANGED)
        where = "/cases/1/studies/1/finding/?table=members&row=3"
        answer = client.post(where, {"remark": "", "passphrase": PASSPHRASE})
        assert "have changed since S1 was recorded" in html.unescape(answer.content.decode())
    assert {entry.kind for entry in site.ledger.entries(before + 1)} <= {"case.entered"}


def test_patterns_that_cannot_be_looked_for_are_told_at_the_form(site: Site) -> None:
    client = site.client("officer")
    good = {"chain": "main", "most_found": "5"}
    for wrong in (
        {"around": PAID_ADDRESS[:-1] + "x"},
        {"thresholds": "nonsense"},
        {"thresholds": "peel-chain.nothing=3"},
        {"since": "yesterday"},
        {"law_threshold": "10000", "threshold_currency": "XXX"},
    ):
        answer = client.post("/cases/1/patterns/", {**good, **wrong})
        assert answer.status_code == 200, wrong
        assert 'id="form-errors"' in answer.content.decode(), wrong
    assert Shop(site, "").work_off() == 0


def test_a_case_whose_basis_has_ended_gets_no_study(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.custody.errors import LegalBasisExpired
    from kancil.web.studies.results import recording

    def ended(*_given: object) -> None:
        raise LegalBasisExpired(case="C1", basis="order 17", expired_on="2026-01-01")

    monkeypatch.setattr(recording, "require_basis", ended)
    answer = site.client("officer").post(f"{CLUSTER}record/", {"record_case": site.case("C1")})
    assert answer.status_code == 200
    assert "order 17" in answer.content.decode()
    assert Shop(site, "").work_off() == 0
