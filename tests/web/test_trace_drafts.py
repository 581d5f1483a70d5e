"""A trace made on the graph waits as a draft: nowhere a result until somebody keeps it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kancil.custody.roll import Roll
from kancil.reports.casework.recorded import chosen
from kancil.reports.errors import TraceIsDraft
from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_PAYMENT, LISTED_PAYMENT, LONG_CHAIN, copied
from tests.web.site import Site, site_of
from tests.web.test_canvas import CANVAS, opened, trace_on


@pytest.fixture
def site(sample: Unit, tmp_path: Path) -> Site:
    """A unit with kept traces alone, the newest T4."""
    unit = copied(sample, tmp_path)
    unit.say("bitcoin", "trace", "main", LONG_CHAIN, "--case", "C1", "--why", "sample")
    return site_of(unit)


def draft(site: Site, value: str = FIRST_PAYMENT) -> int:
    """Trace on from a transaction on the canvas, and give the new trace's number."""
    view, _ = opened(site)
    subject = {"kind": "transaction", "chain": "main", "value": value}
    answer = trace_on(site, view, subject=subject, direction="forward").json()
    assert "It is a draft until you keep it." in answer["said"]
    return int(answer["trace"])


def said(site: Site, path: str, who: str = "officer") -> str:
    """A page as that person sees it."""
    answer = site.client(who).get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def results(site: Site) -> list[int]:
    """Numbers of the traces that the API, and the documents, take for results of the case."""
    api = [each["number"] for each in _api(site)]
    roll = site.ledger.folded(Roll)
    assert [one.number for one in chosen(roll, roll.case("C1")).traces] == api
    return api


def _api(site: Site) -> list[dict[str, Any]]:
    from kancil.desk.cases import queries

    case = queries.find_case("C1")
    assert case is not None
    return [{"number": each.number} for each in queries.traces(case)]


def test_a_draft_is_on_the_graph_and_in_no_overview_report_or_list(site: Site) -> None:
    before = results(site)
    number = draft(site)
    name = f"T{number}"
    assert results(site) == before
    assert site.entries("trace.run")[-1].body["draft"] is True
    assert f">{name}<" not in said(site, "/cases/1/")
    money = said(site, "/cases/1/money/")
    head, _, drafts = money.partition('id="trace-drafts"')
    assert name not in head
    assert "Drafts (1)" in drafts
    assert f"Keep {name}" in drafts
    assert f"Keep {name}" in said(site, f"{CANVAS}?trace={number}")
    assert f"{name} is a draft." in said(site, f"/cases/1/money/{number}/")
    roll = site.ledger.folded(Roll)
    with pytest.raises(TraceIsDraft):
        chosen(roll, roll.case("C1"), [name])


def test_a_reader_is_told_of_a_draft_as_a_draft_wherever_it_is_named(site: Site) -> None:
    number = draft(site)
    find = f"/find/?q={FIRST_PAYMENT}"
    assert f">T{number} (draft)</a>" in said(site, find, "reader")
    assert ">T1</a>" in said(site, find, "reader")
    for page in ("/cases/1/", "/cases/1/custody/"):
        shown = said(site, page, "reader")
        assert f'/cases/1/money/{number}/">draft of a trace made</a>' in shown, page
        assert '/cases/1/money/4/">trace recorded</a>' in shown, page
    site.client("officer").post(f"/cases/1/money/{number}/set-aside/")
    assert f">T{number} (draft, set aside)</a>" in said(site, find, "reader")
    site.client("officer").post(f"/cases/1/money/{number}/keep/")
    assert f">T{number}</a>" in said(site, find, "reader")


def test_keep_is_one_press_and_the_ledger_says_who(site: Site) -> None:
    number = draft(site)
    reader = site.client("reader")
    assert f"Keep T{number}" not in said(site, "/cases/1/money/", "reader")
    assert reader.post(f"/cases/1/money/{number}/keep/").status_code == 403
    answer = site.client("officer").post(
        f"/cases/1/money/{number}/keep/", headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert f"Keep T{number}" not in answer.content.decode()
    assert number in results(site)
    entry = site.entries("trace.kept")[-1]
    assert (entry.body["number"], entry.on_behalf["account"]) == (number, "officer")
    again = site.client("officer").post(f"/cases/1/money/{number}/keep/")
    assert again.status_code == 400
    assert len(site.entries("trace.kept")) == 1
    site.verify()


def wrong_rows(site: Site) -> list[tuple[str, str]]:
    """What rows of traces say otherwise than the ledger."""
    from kancil.desk.cases.index import row_faults

    found = row_faults(site.ledger)
    return [(each.column, each.code) for each in found if each.table == "trace"]


def test_a_draft_is_set_aside_kept_later_and_rows_follow_the_ledger(site: Site) -> None:
    from kancil.desk.cases.models import Trace

    number = draft(site)
    client = site.client("officer")
    assert client.post(f"/cases/1/money/{number}/set-aside/").status_code == 302
    assert "Drafts set aside (1)" in said(site, "/cases/1/money/")
    assert number not in results(site)
    assert wrong_rows(site) == []
    Trace.objects.filter(number=number).update(state="kept")
    assert wrong_rows(site) == [("state", "changed")]
    client.post(f"/cases/1/money/{number}/keep/")
    assert number in results(site)
    assert wrong_rows(site) == []


def test_saving_a_view_keeps_the_drafts_in_it_and_no_other(site: Site) -> None:
    other, number = draft(site, LISTED_PAYMENT), draft(site)
    view, _ = opened(site, f"trace={number}")
    sent = json.dumps({"view": view, "base": None, "note": "", "name": "For the file"})
    answer = site.client("officer").post(f"{CANVAS}save/", sent, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert number in results(site)
    assert other not in results(site)


def test_a_draft_leads_to_no_keepers_until_it_is_kept(site: Site) -> None:
    number = draft(site)
    assert f"keepers/?trace=T{number}" not in said(site, f"/cases/1/money/{number}/")
    assert "keepers/?trace=T4" in said(site, "/cases/1/money/4/")
    assert said(site, "/cases/1/keepers/?trace=T4")


@pytest.mark.parametrize("thing", ["report", "bundle"])
def test_who_may_only_look_is_told_that_nothing_was_made(site: Site, thing: str) -> None:
    sentence = f"No {thing} of this case was made yet."
    assert sentence in said(site, f"/cases/1/{thing}/", "reader")
    assert sentence not in said(site, f"/cases/1/{thing}/")
