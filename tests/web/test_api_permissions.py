"""Every operation × every role, non-member and bad token: exactly the allowed answers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from kancil.custody.reading import READING
from kancil.ground import clock
from tests.cli.running import Unit
from tests.web.api_unit import Api, api_of, operations
from tests.web.site import OUTSIDER, ROLES

pytestmark = pytest.mark.thorough

SHAPE = {"error", "sentence", "next", "params"}


@pytest.fixture(scope="module")
def api(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Api:
    return api_of(sample, tmp_path_factory.mktemp("api"))


def test_each_role_gets_exactly_the_operations_it_may_have(api: Api) -> None:
    for each in operations():
        for role in ROLES:
            answer = api.do(each, api.tokens[role])
            wanted = (each.status, 404) if role in each.may else (403,)
            assert answer.status in wanted, (each.name, role, answer.content)
            if answer.status == 404:
                assert each.name in ("get_bundle_file", "get_task", "cancel_task"), each.name


def test_a_case_is_no_case_for_whoever_is_not_its_member(api: Api) -> None:
    for each in operations():
        if not each.of_case:
            continue
        absent = api.do(each, api.tokens[OUTSIDER], case="C999")
        for case in ("C1", "1", api.site.case("C1")):
            there = api.do(each, api.tokens[OUTSIDER], case=case)
            assert (there.status, there.content) == (404, absent.content), each.name


def test_lists_and_search_show_a_stranger_nothing_of_the_case(api: Api) -> None:
    digest = next(
        entry.body["content"]["sha256"]
        for entry in api.site.entries("exhibit.added")
        if entry.body["content"]["sha256"]
    )
    stranger, member = api.get("/cases", OUTSIDER), api.get("/cases")
    titles = {case["title"] for case in stranger["items"]}
    assert "The first payment" not in titles
    assert "The first payment" in {case["title"] for case in member["items"]}
    assert api.get("/search", q=digest)["exhibits"]
    for q in (digest, "C1", "first payment", api.site.case("C1")):
        found = api.get("/search", OUTSIDER, q=q)
        assert not found["exhibits"]
        assert not [case for case in found["cases"] if case["number"] == "C1"]
    asked = next(each for each in operations() if each.name == "start_trace")
    task = api.do(asked, api.tokens["officer"]).json["id"]
    assert api.get(f"/tasks/{task}")["id"] == task
    assert task not in str(api.get("/tasks", OUTSIDER))
    for method, path in (("get", f"/tasks/{task}"), ("post", f"/tasks/{task}/cancel")):
        assert api.ask(method, path, api.tokens[OUTSIDER]).status == 404
    assert api.get(f"/tasks/{task}")["state"] == "waiting"


def bad_tokens(api: Api) -> dict[str, str | None]:
    """Make tokens that are good no longer, each for a reason of its own."""
    from kancil.desk.access.actions import bring_back, end_account
    from kancil.desk.people.actions import end_token, give_new_password
    from kancil.desk.people.models import Token

    expired, ended = api.token("officer"), api.token("officer")
    newest = Token.objects.all()[:2]
    assert end_token(person=api.site.people["officer"], token_id=newest[0].id)
    past = clock.now() - timedelta(seconds=1)
    Token.objects.filter(pk=newest[1].pk).update(expires_at=past)
    for name in ("closed", "reset", "back", "bare"):
        api.site.add(name, "officer", case="C1")
    closed, reset = api.token("closed"), api.token("reset")
    assert api.ask("get", "/cases/C1", closed).status == 200
    person = api.site.people["closed"]
    person.is_active = False
    person.save()
    give_new_password(api.site.people["reset"])
    back, bare = api.token("back"), api.token("bare")
    for act in (end_account, bring_back):
        act(api.site.ledger, api.site.people["back"], reason="test", by=api.site.by)
    api.site.people["bare"].needs_second_factor = True
    api.site.people["bare"].save()
    good = api.tokens["officer"]
    return {
        "none": None, "empty": "", "random": "kancil_" + "A" * 43, "cut": good[:-1],
        "longer": good + "x", "upper": good.upper(), "nul": good + "\x00", "expired": expired,
        "ended": ended, "closed account": closed, "new password": reset,
        "closed and opened again": back, "without the second factor that is required": bare,
    }  # fmt: skip


def test_no_operation_answers_a_token_that_is_not_good(api: Api) -> None:
    bad = bad_tokens(api)
    before = api.site.ledger.head().size
    for each in operations():
        for name, token in bad.items():
            answer = api.do(each, token)
            assert answer.status == 401, (each.name, name)
            assert answer.json["error"] == "token-needed"
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert api.site.ledger.head().size == before


def test_a_token_that_reads_changes_nothing(api: Api) -> None:
    token = api.token("officer", may_write=False)
    before = api.site.ledger.head().size
    for each in operations():
        answer = api.do(each, token)
        if each.writes:
            assert (answer.status, answer.json["error"]) == (403, "token-read-only"), each.name
        else:
            assert answer.status in (200, 404), each.name
    kinds = {entry.kind for entry in api.site.ledger.entries(before + 1)}
    assert kinds <= {"case.entered", *READING}, "who read is recorded"


def test_a_readers_token_cannot_be_one_that_writes(api: Api) -> None:
    from kancil.desk.people.models import Token

    api.token("reader", may_write=True)
    assert not Token.objects.filter(person__username="reader", may_write=True).exists()


def test_a_cookie_opens_nothing(api: Api) -> None:
    client = api.site.client("officer")
    assert client.get("/cases/1/").status_code == 200
    for each in operations():
        names = dict.fromkeys(re.findall(r"{(\w+)}", each.address), "1")
        answer = getattr(client, each.method.lower())("/api/v1" + each.address.format(**names))
        assert answer.status_code == 401, each.name


def test_leaving_a_case_ends_what_their_token_can_do_there(api: Api) -> None:
    from kancil.desk.access.actions import remove_member

    api.site.add("leaver", "officer", case="C1")
    token = api.token("leaver")
    assert api.ask("get", "/cases/C1", token).status == 200
    remove_member(
        api.site.ledger, case=api.site.case("C1"), username="leaver", reason="moved",
        by=api.site.by,
    )  # fmt: skip
    assert api.ask("get", "/cases/C1", token).status == 404
    assert api.ask("get", "/cases", token).json["items"] == []


def test_what_is_done_with_a_token_is_signed_by_the_server_and_says_so(api: Api) -> None:
    opened = next(each for each in operations() if each.name == "open_case")
    made = api.do(opened, api.tokens["examiner"]).json
    entry = next(each for each in api.site.entries("case.opened") if each.case_id == made["id"])
    behalf = entry.on_behalf
    assert behalf["account"] == "examiner"
    assert behalf["authenticated_by"] == "token"


def test_looking_into_a_case_is_one_entry_a_day_for_each_token(api: Api) -> None:
    api.site.add("looker", "reader", case="C1")
    first, second = api.token("looker"), api.token("looker")

    def looked() -> int:
        entries = api.site.entries("case.entered")
        return sum(entry.body["account"] == "looker" for entry in entries)

    for _ in range(3):
        assert api.ask("get", "/cases/C1/findings", first).status == 200
    assert looked() == 1
    assert api.ask("get", "/cases/C1", second).status == 200
    assert looked() == 2
    assert api.ask("get", "/cases/C1/exhibits/E999", second).status == 404
    assert looked() == 2


def test_every_address_under_the_api_answers_in_its_own_shape(api: Api) -> None:
    token = api.tokens["officer"]
    asked = (
        ("get", ""), ("get", "/"), ("get", "/nothing"), ("get", "/cases/"), ("post", "/nothing"),
        ("delete", "/cases"), ("put", "/cases/C1"), ("get", "/cases/C1/exhibits/E1/more"),
        ("get", "/cases/%00"), ("get", "/cases/C1%0a"), ("get", "/cases/" + "9" * 400),
    )  # fmt: skip
    for method, path in asked:
        answer = api.ask(method, path, token)
        assert answer.status in (404, 405), (method, path, answer.status)
        assert set(answer.json) == SHAPE
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-store"
