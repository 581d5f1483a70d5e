"""The finding editor: drafts, two officers in one draft, acceptance and withdrawal on the site."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.signing import PASSPHRASE, PASSWORD, case_of, confirm, forget_confirming, with_key
from tests.web.site import Site, site_of

ASKS = 'name="sign_in_password"'
NEW = "/cases/1/money/1/finding/?row=1"
HOSTILE = '<script>alert(1)</script> "quoted" {text} =1+1'


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One unit for all tests of this file; each test begins drafts of its own."""
    served = site_of(copied(sample, tmp_path_factory.mktemp("editor")))
    for name in ("officer", "examiner"):
        with_key(served, name)
    return served


def begin(site: Site, remark: str = "first thoughts", name: str = "officer") -> str:
    """Begin a draft; gives its address."""
    answer = site.client(name).post(
        NEW, {"finding_class": "chain-fact", "row": "1", "remark": remark, "do": "keep"}
    )
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def fields(page: str) -> dict[str, str]:
    """Read what a browser would send of the editor."""
    version = re.search(r'name="version" value="(\d+)"', page)
    remark = re.search(r'<textarea name="remark"[^>]*>\s*(.*?)</textarea>', page, re.S)
    assert version
    assert remark
    return {
        "finding_class": "chain-fact", "row": "1", "label_number": "1",
        "version": version[1], "remark": remark[1],
    }  # fmt: skip


def remarks(site: Site, address: str) -> list[tuple[int, str, str]]:
    from kancil.desk.studies.queries import draft_versions

    number = int(address.rstrip("/").rpartition("/")[2])
    found = draft_versions(case_of(site), number)
    return [(each.version, each.wording.remark, each.saved_by) for each in found]


def test_a_draft_is_kept_shown_and_written_on_and_is_in_no_ledger(site: Site) -> None:
    before = site.ledger.head().size
    address = begin(site, HOSTILE)
    client = site.client("officer")
    page = client.get(address).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "It is in no ledger" in page
    sent = fields(page) | {"remark": "second thoughts", "do": "keep"}
    assert client.post(address, sent).status_code == 302
    assert remarks(site, address) == [(2, "second thoughts", "Officer"), (1, HOSTILE, "Officer")]
    assert address in client.get("/cases/1/findings/").content.decode()
    kinds = {entry.kind for entry in site.ledger.entries(before + 1)}
    assert kinds <= {"case.entered"}


def test_the_second_of_two_officers_is_told_and_nothing_is_overwritten(site: Site) -> None:
    address = begin(site, "as it was")
    anna, boun = site.client("officer"), site.client("examiner")
    hers, his = (
        fields(anna.get(address).content.decode()),
        fields(boun.get(address).content.decode()),
    )
    kept = boun.post(address, his | {"remark": "what he wrote", "do": "keep"})
    assert kept.status_code == 302
    told = anna.post(address, hers | {"remark": "what she wrote", "do": "keep"})
    page = told.content.decode()
    assert told.status_code == 409
    assert page.count("what he wrote") >= 2  # beside Anna's, and in the history
    assert "what she wrote" in page
    assert "Examiner saved version 2" in page
    assert [text for _, text, _ in remarks(site, address)] == ["what he wrote", "as it was"]
    again = fields(page)
    assert again["version"] == "2"
    assert again["remark"] == "what she wrote"
    assert anna.post(address, again | {"remark": "both", "do": "keep"}).status_code == 302
    assert [text for _, text, _ in remarks(site, address)] == [
        "both", "what he wrote", "as it was",
    ]  # fmt: skip


def test_the_same_words_sent_twice_are_one_version(site: Site) -> None:
    address = begin(site)
    client = site.client("officer")
    sent = fields(client.get(address).content.decode()) | {"remark": "once", "do": "keep"}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 302
    assert [version for version, _, _ in remarks(site, address)] == [2, 1]


def test_accepting_asks_who_is_there_and_loses_nothing_that_was_typed(site: Site) -> None:
    address = begin(site, "begun")
    client = site.client("officer")
    first = client.get(address).content.decode()
    assert ASKS in first, "who is there is asked beside the passphrase"
    sent = fields(first)
    sent |= {"remark": "typed before", "do": "accept", "passphrase": PASSPHRASE}
    before = len(site.entries("finding.accepted"))
    for typed in ("", "not her password 3"):
        asked = client.post(address, sent | {"sign_in_password": typed}).content.decode()
        assert '<a href="#id_sign_in_password">' in asked
        assert ("This password is wrong." in asked) == bool(typed)
        assert PASSPHRASE not in asked
        assert PASSPHRASE not in repr(dict(client.session.items()))
        back = fields(asked)
        assert back["remark"] == "typed before"
    assert len(site.entries("finding.accepted")) == before
    back |= {"do": "accept", "sign_in_password": PASSWORD}
    wrong = client.post(address, back | {"passphrase": "not hers at all"}).content.decode()
    assert ASKS not in wrong, "it is shown who is there"
    assert len(site.entries("finding.accepted")) == before
    done = client.post(address, back | {"passphrase": PASSPHRASE})
    assert done.headers["Location"] == "/cases/1/findings/"
    entry = site.entries("finding.accepted")[-1]
    assert entry.body["text"].endswith("not computed: typed before")
    assert entry.body["params"]["remark"] == "typed before"
    assert "on_behalf" not in entry.body
    ended = client.post(address, back | {"remark": "too late", "do": "keep"})
    assert ended.status_code == 409
    assert "too late" in ended.content.decode()
    assert "is now finding F" in client.get(address).content.decode()


def test_a_confirmation_holds_thirty_minutes_for_signing_and_five_for_the_rest(site: Site) -> None:
    client = site.client("officer")
    confirm(client)
    forget_confirming(client, minutes=24)
    assert ASKS not in client.get(NEW).content.decode()
    assert "/account/confirm/" in client.get("/account/tokens/").content.decode()
    forget_confirming(client, minutes=26)
    assert ASKS in client.get(NEW).content.decode(), "a page that opens can be filled in"
    wrong = {"finding_class": "chain-fact", "row": "1", "again": "on", "passphrase": "not hers"}
    late = client.post(NEW, wrong).content.decode()
    assert "passphrase of your signing key is wrong" in late, "and what is open can be sent"
    assert ASKS not in late
    forget_confirming(client, minutes=31)
    sent = {"finding_class": "chain-fact", "row": "1", "passphrase": PASSPHRASE}
    assert ASKS in client.post(NEW, sent).content.decode()
    for path, more in (("bundle", {"purpose": "x"}), ("report", {})):
        page = client.get(f"/cases/1/{path}/").content.decode()
        assert ASKS in page, path
        choices = dict(re.findall(r'<select name="(\w+)".*?<option value="([\w-]+)"', page, re.S))
        answer = client.post(f"/cases/1/{path}/", choices | more | {"passphrase": PASSPHRASE})
        assert ASKS in answer.content.decode(), path
    assert not site.entries("bundle.made")
    assert not site.entries("report.made")


def test_no_page_opens_a_key_for_somebody_who_has_not_shown_who_they_are(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.web.studies.findings import editor as findings

    client = site.client("officer")
    monkeypatch.setattr(findings, "ask_who", lambda _, asked: asked)
    sent = {"finding_class": "chain-fact", "row": "1", "again": "on", "passphrase": PASSPHRASE}
    before = len(site.entries("finding.accepted"))
    page = client.post(NEW, sent).content.decode()
    assert "You have not confirmed in the last 30 minutes that it is you." in page
    assert len(site.entries("finding.accepted")) == before


def test_a_finding_is_taken_back_with_a_reason_and_their_own_key(site: Site) -> None:
    client = site.client("officer")
    confirm(client)
    sent = {"finding_class": "chain-fact", "row": "2", "passphrase": PASSPHRASE}
    assert client.post(NEW, sent).headers["Location"] == "/cases/1/findings/"
    number = site.entries("finding.accepted")[-1].body["number"]
    where = f"/cases/1/findings/{number}/withdraw/"
    assert where in client.get("/cases/1/findings/").content.decode()
    assert client.post(where, {"reason": "", "passphrase": PASSPHRASE}).status_code == 200
    assert not site.entries("finding.withdrawn")
    given = {"reason": HOSTILE, "passphrase": PASSPHRASE}
    assert client.post(where, given).status_code == 302
    taken = site.entries("finding.withdrawn")[-1]
    assert taken.body["reason"] == HOSTILE
    assert "on_behalf" not in taken.body
    assert "withdrawn before" in client.get(where).content.decode()
    assert "<script>alert" not in client.get("/cases/1/findings/").content.decode()
    assert client.post(where, given).status_code == 200
    assert len(site.entries("finding.withdrawn")) == 1


def test_a_draft_is_put_aside_and_taken_up_again(site: Site) -> None:
    address = begin(site)
    client = site.client("officer")
    client.post(f"{address}aside/", {"version": "7"})
    assert "put aside" not in client.get("/cases/1/findings/").content.decode()
    client.post(f"{address}aside/", {"version": "1"})
    assert "This draft was put aside" in client.get(address).content.decode()
    late = client.post(address, {"finding_class": "chain-fact", "row": "1", "do": "keep"})
    assert late.status_code == 409
    client.post(f"{address}aside/", {"version": "1"})
    assert 'name="remark"' in client.get(address).content.decode()


def test_a_reader_reads_a_draft_and_writes_nothing(site: Site) -> None:
    address = begin(site, "seen by the reader")
    client = site.client("reader")
    page = client.get(address).content.decode()
    assert "seen by the reader" in page
    assert 'name="remark"' not in page
    client.post(address, {"finding_class": "chain-fact", "row": "1", "version": "1", "do": "keep"})
    assert len(remarks(site, address)) == 1
    assert site.client("outsider").get(address).status_code == 404


def test_a_row_or_label_that_is_not_there_is_said(site: Site) -> None:
    client = site.client("officer")
    for row in ("9999", "99999999999999999999", "-1", "x", ""):
        assert client.get(f"/cases/1/money/1/finding/?row={row}").status_code == 200
    assert "there is no row 9999" in client.get(NEW.replace("=1", "=9999")).content.decode()
    for wrong in ({"row": "0"}, {"row": "9" * 30}, {"finding_class": "certain"}, {}):
        sent = {"finding_class": "chain-fact", "do": "keep", **wrong}
        assert client.post(NEW, sent).status_code == 200
    nul = client.post(
        NEW, {"finding_class": "chain-fact", "row": "1", "remark": "\0", "do": "keep"}
    )
    assert nul.status_code == 400
    assert client.get("/cases/1/findings/drafts/99999999999999999999/").status_code == 404


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    saves=st.lists(
        st.tuples(
            st.sampled_from(("officer", "examiner")),
            st.integers(0, 2),
            st.text("ab \n", max_size=3),
        ),
        max_size=8,
    )
)
def test_whatever_two_write_no_version_is_lost_and_none_is_written_unseen(
    site: Site, saves: list[tuple[str, int, str]]
) -> None:
    from kancil.desk.studies.actions import begin_draft, save_draft
    from kancil.desk.studies.queries import Wording, draft_versions

    def wording(remark: str) -> Wording:
        return Wording("a trace", "chain-fact", 1, 1, remark)

    case = case_of(site)
    draft = begin_draft(case=case, wording=wording("begun"), by=site.people["officer"])
    expected = [("begun", "Officer")]
    for name, lag, remark in saves:
        saved = save_draft(
            case=case,
            number=draft.number,
            version=len(expected) - lag,
            wording=wording(remark),
            by=site.people[name],
        )
        if remark == expected[-1][0]:
            assert saved is not None
        elif lag:
            assert saved is None
        else:
            expected.append((remark, name.title()))
    found = draft_versions(case, draft.number)
    assert [(each.wording.remark, each.saved_by) for each in found] == expected[::-1]
    assert [each.version for each in found] == list(range(len(expected), 0, -1))
