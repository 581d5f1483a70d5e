"""Two trainees at once: each has a blockchain, labels and tags that no other trainee changes."""

from __future__ import annotations

import re
from itertools import permutations
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kancil.bitcoin.network import network_named
from kancil.desk.cases.queries import Case, find_case
from kancil.desk.jobs.models import State, Task
from kancil.desk.people.models import Role
from kancil.desk.studies.own_chains import labels_folder, own_chain, reading_as
from kancil.desk.studies.queries import chain_names, label_shelf, open_chain
from kancil.desk.training.actions.marks import mark_run
from kancil.desk.training.actions.work import submit, take_in_all
from kancil.desk.training.models import Attempt, Mark
from kancil.training import labs
from kancil.training.lab import NETWORK
from kancil.training.labs.ransom_payment import RANSOM_PAYMENT
from kancil.web.page import PAGES
from tests.desk.training.school import School
from tests.web.training.browser import Browsers, text_of

LAB = RANSOM_PAYMENT


@pytest.fixture(autouse=True)
def _real_lab(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labs, "LABS", (LAB,))


def _began(school: School, run: Any, name: str) -> Attempt:
    """An attempt whose files are all exhibits of its case."""
    person = next(each for each in school.trainees if each.username == name)
    attempt = school.start(run, person)
    assert take_in_all(school.workspace, attempt=attempt, authenticated_by="password") > 3
    assert take_in_all(school.workspace, attempt=attempt, authenticated_by="password") > 3
    school.work()
    assert take_in_all(school.workspace, attempt=attempt, authenticated_by="password") == 0
    return attempt


def _case(attempt: Attempt) -> Case:
    found = find_case(attempt.case_id)
    assert found is not None
    return found


def _block_exhibit(page: Client, case: Case) -> str:
    shown = page.get(reverse("ingest_new", kwargs={"case": case.number})).content.decode()
    found = re.search(r'name="block_exhibits" value="(E\d+)"[^>]*>\s*E\d+[^<]*[Bb]lock', shown)
    assert found, shown
    return found[1]


def _reads_blocks(browsers: Browsers, attempt: Attempt, **typed: str) -> str:
    """Read the lab's blocks by the page; gives the name of the blockchain that has them."""
    page, case = browsers.of(attempt.person), _case(attempt)
    given = {"block_exhibits": _block_exhibit(page, case), **typed}
    answer = page.post(reverse("ingest_new", kwargs={"case": case.number}), given)
    assert answer.status_code == 302, text_of(answer)
    browsers.school.work()
    task = Task.objects.get(id=answer["Location"].rstrip("/").rpartition("/")[2])
    assert task.state == State.DONE, task.error
    return own_chain(browsers.school.workspace, case)


def _start_of(school: School, attempt: Attempt) -> str:
    """An output that the lab's own answers name."""
    key = school.key(attempt.variant.run, attempt.person)
    return str(next(each.value for each in key.expected if each.question == "payment-address"))


def _tag(page: Client, chain: str, address: str) -> Any:
    return page.post(reverse("tag_new"), {
        "chain": chain, "value": address, "label": "Nobody I know", "category": "",
        "confidence": "high", "reason": "a try",
    })  # fmt: skip


def _trace(browsers: Browsers, attempt: Attempt, start: str) -> str:
    """Record a trace in the case by the page; gives the page of the trace."""
    page, case = browsers.of(attempt.person), _case(attempt)
    url = reverse("trace_new", kwargs={"case": case.number})
    answer = page.post(url, {
        "start": start, "chain": own_chain(browsers.school.workspace, case), "policy": "haircut",
        "policy_reason": "asked for in the exercise", "direction": "forward",
    })  # fmt: skip
    assert answer.status_code == 302, text_of(answer)
    return str(answer["Location"])


def test_a_case_leads_to_its_lab_and_files_laid_ready_claim_no_browser(
    browsers: Browsers,
) -> None:
    school = browsers.school
    school.join("noy")
    attempt = _began(school, school.give(lab=LAB), "noy")
    case, page = _case(attempt), browsers.of(attempt.person)
    shown = page.get(reverse("overview", kwargs={"case": case.number}))
    lab = reverse("lab", kwargs={"run": attempt.variant.run_id})
    assert f'href="{lab}"' in shown.content.decode()
    assert "This is your case of the lab" in text_of(shown)
    assert reverse("overview", kwargs={"case": case.number}) in page.get(lab).content.decode()
    seen = text_of(browsers.of(school.trainer).get(shown.request["PATH_INFO"]))
    assert "Noy works the lab" in seen
    task = Task.objects.filter(name="admit-upload").latest("id")
    told = text_of(page.get(reverse("task", kwargs={"task": task.id})))
    assert "No browser computed one" in told
    assert "browser computed before sending" not in told


def test_a_case_reads_its_blocks_into_its_own_chain_whatever_is_typed(browsers: Browsers) -> None:
    school = browsers.school
    noy, kham = school.join("noy"), school.join("kham")
    run = school.give(lab=LAB)
    first, second = (_began(school, run, name) for name in ("noy", "kham"))
    mine = _reads_blocks(browsers, first, chain_name="main", network="mainnet")
    theirs = _reads_blocks(browsers, second, chain_name=mine)
    assert mine == f"case-{_case(first).number}" != theirs
    with reading_as(None):
        assert chain_names(school.workspace) == sorted([mine, theirs])
        assert open_chain(school.workspace, mine).network == network_named(NETWORK)
    with reading_as(noy):
        assert chain_names(school.workspace) == [mine]
    with reading_as(school.trainer):
        assert chain_names(school.workspace) == sorted([mine, theirs])
    page = browsers.of(kham)
    assert page.get(reverse("chain", kwargs={"chain": mine})).status_code == 404
    assert page.get(reverse("chain", kwargs={"chain": theirs})).status_code == 200
    assert mine not in text_of(page.get(reverse("chains")))


@pytest.mark.thorough
@pytest.mark.parametrize("order", list(permutations(["blocks", "tag", "trace"])), ids="-".join)
def test_what_one_trainee_does_changes_no_mark_and_no_trace_of_another(
    browsers: Browsers, order: tuple[str, ...]
) -> None:
    school = browsers.school
    school.join("noy"), school.join("kham")
    run = school.give(lab=LAB)
    first, second = (_began(school, run, name) for name in ("noy", "kham"))
    chain = _reads_blocks(browsers, first)
    start = _start_of(school, first)
    traced = _trace(browsers, first, start)
    before = browsers.of(first.person).get(traced)
    assert before.status_code == 200
    for act in order:
        page = browsers.of(second.person)
        if act == "blocks":
            _reads_blocks(browsers, second, chain_name=chain)
        elif act == "tag":
            assert _tag(page, chain, start).status_code != 302
            own = own_chain(school.workspace, _case(second))
            has_blocks = "blocks" in order[: order.index(act)]
            assert (_tag(page, own, start).status_code == 302) is has_blocks

        else:
            url = reverse("trace_new", kwargs={"case": _case(second).number})
            page.post(url, {"start": start, "chain": chain, "policy": "haircut"})
    _reads_blocks(browsers, second)
    _trace(browsers, second, _start_of(school, second))
    assert _said(browsers.of(first.person).get(traced)) == _said(before)
    points = []
    for attempt in (first, second):
        school.answer_rightly(attempt)
        submit(school.ledger, attempt=attempt)
    mark_run(school.ledger, school.workspace, run=run, identities=[school.identity],
             by=school.trainer)  # fmt: skip
    for attempt in (first, second):
        row = Mark.objects.filter(attempt=attempt).latest("id")
        states = [each["state"] for each in row.marked["process"]]
        points.append((row.earned_hundredths, row.points, states))
    assert points[0] == points[1]


def _said(answer: Any) -> str:
    """What a page says, but for times of day."""
    return re.sub(r"\d\d:\d\d(:\d\d)?", "", text_of(answer))


def test_labels_and_tags_belong_to_the_case_and_shared_ones_to_trainers(
    browsers: Browsers,
) -> None:
    school = browsers.school
    noy, kham = school.join("noy"), school.join("kham")
    run = school.give(lab=LAB)
    first, second = (_began(school, run, name) for name in ("noy", "kham"))
    mine, theirs = _reads_blocks(browsers, first), _reads_blocks(browsers, second)
    assert _tag(browsers.of(noy), mine, _start_of(school, first)).status_code == 302
    with reading_as(None):
        chains = [open_chain(school.workspace, name) for name in (mine, theirs)]
        shelves = [len(label_shelf(school.workspace, chain).imports) for chain in chains]
    assert shelves == [1, 0]
    assert len(list(labels_folder(school.workspace, mine).glob("*.parquet"))) == 1
    with reading_as(noy):
        (stored,) = label_shelf(school.workspace).imports
    with reading_as(kham):
        assert not label_shelf(school.workspace).imports
    withdraw = reverse("tag_withdraw", kwargs={"source": stored.id})
    for person, expected in ((kham, 404), (school.trainer, 403), (noy, 302)):
        answer = browsers.of(person).post(withdraw, {"reason": "a try"})
        assert answer.status_code == expected, person.username
    assert reverse("labels_new") in browsers.of(noy).get(reverse("labels")).content.decode()
    assert _tag(browsers.of(kham), mine, _start_of(school, first)).status_code == 200


SHARED = {"watch_new", "watch_end", "watch_seen", "tag_new"}
"""Pages by which a trainee could change what the whole classroom has, or what others own."""

READING = {"graph_draw", "graph_csv"}
"""Sent as a form for their length, and they write nothing."""


@pytest.mark.thorough
def test_a_trainee_changes_nothing_of_another_by_any_page(browsers: Browsers) -> None:
    school = browsers.school
    school.join("noy"), school.join("kham")
    run = school.give(lab=LAB)
    first = _began(school, run, "noy")
    chain = _reads_blocks(browsers, first)
    _tag(browsers.of(first.person), chain, _start_of(school, first))
    case, kham = _case(first), browsers.of(school.trainees[1])
    head = school.ledger.head().size
    files = sorted(path.name for path in school.workspace.labels_dir.rglob("*"))
    tried = 0
    for page in _writing_pages():
        names = re.findall(r"<\w+:(\w+)>", page.address)
        given: dict[str, Any] = {**dict.fromkeys(names, "1"), **page.sample}
        given |= {"case": case.number} if "case" in names else {}
        given |= {"chain": chain} if "chain" in names else {}
        given |= {"attempt": first.id} if "attempt" in names else {}
        if "case" in names or "attempt" in names or "chain" in names:
            answer = kham.post(reverse(page.name, kwargs=given))
            refused = (400, 404) if page.name in READING else (403, 404)
            assert answer.status_code in refused, (page.name, answer.status_code)
        elif page.name in SHARED:
            assert kham.post(reverse(page.name, kwargs=given)).status_code in (403, 200), page.name
        tried += 1
    assert tried > 40
    assert school.ledger.head().size == head
    assert sorted(path.name for path in school.workspace.labels_dir.rglob("*")) == files


def _writing_pages() -> list[Any]:
    from kancil.web.sites import classroom

    assert classroom.urlpatterns
    mine = [each for each in PAGES if each.may and Role.TRAINEE in each.may]
    return [each for each in mine if "POST" in each.methods]


def test_no_button_leads_a_trainee_to_what_only_trainers_may_change(browsers: Browsers) -> None:
    school = browsers.school
    noy = school.join("noy")
    pages = (("watch", "watch_new"), ("labels", "labels_new"))
    for person, count in ((noy, 0), (school.trainer, 1)):
        for name, button in pages:
            shown = browsers.of(person).get(reverse(name)).content.decode()
            assert (reverse(button) in shown) == bool(count), (person.username, name)
    school.start(school.give(lab=LAB), noy)
    shown = browsers.of(noy).get(reverse("labels")).content.decode()
    assert reverse("labels_new") in shown, "for the chain of their own case"
