"""The API by example: what is read is what pages show, and nothing hostile brings it down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from kancil.ground import clock
from tests.cli.running import LARGEST, Unit
from tests.cli.sample_unit import FIRST_COINS, FIRST_PAYMENT, PAID_ADDRESS
from tests.web.api_unit import Api, api_of, operations
from tests.web.test_search import FIRST_KEY
from tests.work.launch import load
from tests.work.shop import Shop

SHAPE = {"error", "sentence", "next", "params"}
CASE = {"title": "A case", "basis": {"kind": "warrant", "authority": "A court"}}
TRACE = {"chain": "main", "starts": [FIRST_COINS], "policy": "fifo"}


@pytest.fixture(scope="module")
def api(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Api:
    return api_of(sample, tmp_path_factory.mktemp("example"))


def values(found: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of an answer with the name it stands under."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from values(value, key)
    elif isinstance(found, list):
        for value in found:
            yield from values(value, name)
    else:
        yield name, found


def test_satoshi_are_strings_no_number_is_rounded_and_times_are_in_utc(api: Api) -> None:
    seen = set()
    for each in operations():
        if each.method != "GET" or each.gives is None:
            continue
        answer = api.do(each, api.tokens["officer"])
        if answer.status != 200:
            assert each.name == "get_task"
            continue
        for name, value in values(answer.json):
            assert not isinstance(value, float), (each.name, name)
            if isinstance(value, int) and not isinstance(value, bool):
                assert abs(value) <= LARGEST
                assert not name.endswith("_sat"), (each.name, name)
            if name.endswith("_at") and value is not None and each.name != "get_trace_result":
                assert clock.to_text(clock.from_text(value)) == value
            seen.add(name)
    assert {"fee_sat", "received_sat", "size_bytes", "opened_at", "id"} <= seen


def test_the_first_payment_is_told_with_its_amounts(api: Api) -> None:
    tx = api.get(f"/chains/main/txs/{FIRST_PAYMENT}")
    assert [one["value_sat"] for one in tx["outputs"]] == ["1000000000", "4000000000"]
    assert (tx["id"], tx["height"], tx["fee_sat"]) == (FIRST_PAYMENT, 170, "0")
    block = api.get(f"/chains/main/blocks/{tx['block']}")
    assert api.get("/chains/main/blocks/170") == block
    address = api.get(f"/chains/main/addresses/{PAID_ADDRESS}")
    assert address["received_sat"] == "38796959"
    labels = api.get(f"/chains/main/addresses/{PAID_ADDRESS}/labels")
    assert "allegation" in labels["allegation"]
    assert labels["items"][0]["publisher"].startswith("US Department of the Treasury")


def test_a_public_key_is_asked_for_as_an_address_is(api: Api) -> None:
    key = api.get(f"/chains/main/addresses/{FIRST_KEY}")
    assert (key["script"], key["same_key"]) == ("p2pk", [])
    assert api.get(f"/chains/main/addresses/{FIRST_KEY}/labels")["items"] == []
    address = api.get("/chains/main/addresses/12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S")
    (same,) = address["same_key"]
    assert (same["name"], same["received_sat"]) == (FIRST_KEY, key["received_sat"])


def test_entries_come_in_parts_whose_bytes_give_their_hashes(api: Api) -> None:
    got: list[Any] = []
    cursor: int | None = 0
    while cursor is not None:
        part = api.get("/cases/C1/entries", cursor=cursor, limit=2)
        assert 1 <= len(part["items"]) <= 2
        got += part["items"]
        cursor = part["next"]
    wanted = list(api.site.ledger.case_entries(api.site.case("C1")))
    assert [each["n"] for each in got] == [entry.n for entry in wanted]
    for each in got:
        assert hashlib.sha256(b"\x00" + each["line"].encode()).hexdigest() == each["hash"]
        assert json.loads(each["line"])["statement"]["body"] == each["body"]


def test_exhibits_come_in_parts_of_any_size(api: Api) -> None:
    from kancil.desk.cases.models import Case, Exhibit

    case = Case.objects.get(id=api.site.case("C3"))
    made = [
        Exhibit(
            id=f"made-{n}", number=900 + n // 2, case=case, title="", status="held",
            last_at=case.last_at,
        )
        for n in range(7)
    ]  # fmt: skip
    Exhibit.objects.bulk_create(made)
    api.site.people["outsider"].memberships.create(case_id=case.id)
    try:
        for limit in (1, 2, 3, 5, 200):
            got: list[str] = []
            cursor: int | None = 0
            while cursor is not None:
                part = api.get("/cases/C3/exhibits", "outsider", cursor=cursor, limit=limit)
                got += [each["id"] for each in part["items"]]
                cursor = part["next"]
            assert got == [each.id for each in made], limit
    finally:
        Exhibit.objects.filter(case=case).delete()
        api.site.people["outsider"].memberships.all().delete()


def test_a_file_that_is_sent_is_taken_in_with_its_digest(api: Api) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = b"bytes of a small file\n"
    form = {"title": "A note", "source": "handed over", "file": SimpleUploadedFile("a.txt", sent)}
    answer = api.ask("post", "/cases/C1/exhibits", api.tokens["officer"], form=form)
    assert answer.status == 201
    made = answer.json
    assert made["contents"][0]["sha256"] == hashlib.sha256(sent).hexdigest()
    assert [entry["kind"] for entry in made["history"]] == ["exhibit.added"]
    assert made["history"][0]["on_behalf"]["authenticated_by"] == "token"
    assert api.get(f"/cases/C1/exhibits/{made['id']}") == made
    assert api.get(f"/cases/C1/exhibits/{made['number']}")["size_bytes"] == str(len(sent))
    digest = hashlib.sha1(sent).hexdigest()
    assert [each["id"] for each in api.get("/search", q=digest)["exhibits"]] == [made["id"]]
    assert not list(api.site.workspace.uploads_dir.iterdir())


def test_a_trace_is_asked_for_done_behind_and_found_under_its_tasks_id(api: Api) -> None:
    load()
    token = api.tokens["officer"]
    task = api.ask("post", "/cases/C1/traces", token, body=TRACE)
    assert (task.status, task.json["state"]) == (202, "waiting")
    Shop(api.site, "").work_off()
    done = api.get(f"/tasks/{task.json['id']}")
    assert done["state"] == "done", done
    trace = api.get(f"/cases/C1/traces/{task.json['id']}")
    assert trace["number"] == f"T{done['result']['trace']}"
    result = api.get(f"/cases/C1/traces/{trace['number']}/result")
    assert result["result_sha256"] == trace["result_sha256"]
    assert result["transfers"]
    entry = next(each for each in api.site.entries("trace.run") if each.n == trace["entry"])
    assert entry.on_behalf["authenticated_by"] == "token"


def test_one_who_did_not_ask_for_work_cannot_cancel_it_and_who_did_can(api: Api) -> None:
    task = api.ask("post", "/cases/C1/traces", api.tokens["officer"], body=TRACE).json["id"]
    other = api.ask("post", f"/tasks/{task}/cancel", api.tokens["examiner"])
    assert (other.status, other.json["error"]) == (403, "work-not-yours")
    mine = api.ask("post", f"/tasks/{task}/cancel", api.tokens["officer"])
    assert (mine.status, mine.json["state"]) == (200, "cancelled")


def test_a_bundle_that_was_kept_is_downloaded_as_it_left(api: Api) -> None:
    from kancil.web.cases.leaving import kept_bundle
    from kancil.web.unit_desk import unit_desk

    out = api.site.workspace.root / "out.zip"
    api.site.unit.say("bundle", "C1", "--purpose", "test", "--out", out)
    (made,) = api.get("/cases/C1/bundles")["items"]
    assert made["is_kept"] is False
    path = f"/cases/C1/bundles/{made['id']}/file"
    assert api.ask("get", path, api.tokens["reader"]).status == 404
    from kancil.desk.cases.queries import find_case

    case = find_case("C1")
    assert case is not None
    kept = kept_bundle(unit_desk(), case, int(made["id"]))
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(out.read_bytes())
    answer = api.ask("get", path, api.tokens["reader"])
    assert (answer.status, answer.content) == (200, out.read_bytes())
    assert "attachment" in answer.headers["Content-Disposition"]


HOSTILE = {
    "nothing": b"", "no json": b"{", "not utf-8": b'{"title": "\xff"}', "a list": b"[]",
    "null": b"null", "a number": b"1", "not a number": b'{"title": NaN}', "fraction": b"1.5",
    "doubled": b'{"title": "a", "title": "b"}', "deep": b"[" * 100_000,
    "huge number": b'{"title": 1' + b"0" * 5000 + b"}", "a half pair": b'{"title": "\\ud800"}',
    "half a pair as a name": b'{"\\udfff": 1}',
}  # fmt: skip
WRONG: dict[str, dict[str, Any]] = {
    "nul": {"title": "a\x00b"}, "blank": {"title": "  "}, "empty": {"title": ""},
    "number": {"title": 1}, "truth": {"title": True}, "none": {"title": None},
    "long": {"title": "x" * 301}, "more": {"also": 1}, "a basis of text": {"basis": "warrant"},
    "a kind unknown": {"basis": {"kind": "whim", "authority": "A"}},
    "no authority": {"basis": {"kind": "warrant"}},
    "no day": {"basis": {"kind": "warrant", "authority": "A", "expires_on": "2026-02-30"}},
    "a day of words": {"basis": {"kind": "warrant", "authority": "A", "issued_on": "today"}},
}  # fmt: skip
WRONG_TRACES: dict[str, dict[str, Any]] = {
    "no start": {"starts": []}, "a path": {"starts": ["../../etc/passwd"]},
    "many": {"starts": ["a"] * 101}, "a policy unknown": {"policy": "best"},
    "hops of text": {"hops": "3"}, "no hops": {"hops": 0}, "minus": {"min_sat": "-1"},
    "sat as a number": {"min_sat": 5}, "no zone": {"since": "2026-01-01T00:00:00"},
    "year one": {"since": "0001-06-01T00:00:00Z"},
    "before time": {"since": "0001-01-01T00:00:00+14:00"}, "no time": {"until": "soon"},
    "after time": {"until": "9999-12-31T23:59:59-14:00"}, "a path as chain": {"chain": "../main"},
}  # fmt: skip


def refused(answer: Any, *statuses: int) -> None:
    assert answer.status in statuses, answer.content
    assert set(answer.json) == SHAPE
    assert "{" not in answer.json["sentence"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_body_that_is_no_request_is_refused_in_words(api: Api, name: str) -> None:
    token = api.tokens["officer"]
    for path in ("/cases", "/cases/C1/traces"):
        refused(api.ask("post", path, token, body=HOSTILE[name]), 422)


def test_a_request_with_a_wrong_field_is_refused_and_records_nothing(api: Api) -> None:
    before = api.site.ledger.head().size
    token = api.tokens["officer"]
    for wrong in WRONG.values():
        refused(api.ask("post", "/cases", token, body=CASE | wrong), 422)
    for wrong in WRONG_TRACES.values():
        refused(api.ask("post", "/cases/C1/traces", token, body=TRACE | wrong), 422)
    refused(api.ask("post", "/cases/C1/traces", token, body=TRACE | {"chain": "none"}), 404)
    kinds = {entry.kind for entry in api.site.ledger.entries(before + 1)}
    assert kinds <= {"case.entered"}


def test_the_field_that_is_wrong_is_named(api: Api) -> None:
    answer = api.ask("post", "/cases", api.tokens["officer"], body=CASE | {"title": 5})
    assert answer.json["params"]["field"] == "title"
    basis = {"kind": "warrant", "authority": " "}
    answer = api.ask("post", "/cases", api.tokens["officer"], body=CASE | {"basis": basis})
    assert answer.json["params"]["field"] == "basis.authority"
    missing = api.ask("get", "/search", api.tokens["officer"])
    refused(missing, 422)
    assert missing.json["sentence"] == "The request's q is not what it should be: it is missing."


def test_a_body_that_is_too_large_is_refused_before_it_is_read(api: Api) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    token = api.tokens["officer"]
    refused(api.ask("post", "/cases", token, body=b" " * 1_000_001), 413)
    large = SimpleUploadedFile("a", b"x" * 16_000_001)
    form = {"title": "t", "source": "s", "file": large}
    refused(api.ask("post", "/cases/C1/exhibits", token, form=form), 413)


def test_a_form_that_is_none_is_refused(api: Api) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    token, path = api.tokens["officer"], "/cases/C1/exhibits"
    broken = {"content_type": "multipart/form-data; boundary=x"}
    client = api.site.client(None)
    headers = {"Authorization": f"Bearer {token}"}
    for raw, kind in (
        (b"--x\r\nnothing", broken),
        (b"--y", {"content_type": "multipart/form-data"}),
        (b"{}", {"content_type": "application/json"}),
        (b"a=b", {"content_type": "application/x-www-form-urlencoded"}),
    ):
        answer = client.post("/api/v1" + path, raw, headers=headers, **kind)  # type: ignore[arg-type]
        assert answer.status_code == 422, (raw, answer.content)
        assert set(answer.json()) == SHAPE
    file = SimpleUploadedFile("../../x\x00.txt", b"x")
    for wrong in ({"title": "a\x00b"}, {"title": " "}, {"source": ""}):
        form = {"title": "t", "source": "s", "file": file} | wrong
        refused(api.ask("post", path, token, form=form), 422)
    many = {f"f{n}": "x" for n in range(2000)}
    refused(api.ask("post", path, token, form=many), 413, 422)


def test_names_and_queries_that_are_none_are_refused(api: Api) -> None:
    token = api.tokens["officer"]
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        ("/cases/C1/exhibits/%00", {}), ("/cases/C1/exhibits/" + "9" * 64, {}),
        ("/cases/C1/traces/T0", {}), ("/chains/..%2fmain", {}), ("/chains/none", {}),
        ("/chains/main/txs/zz", {}), ("/chains/main/blocks/99999999999999999999", {}),
        ("/chains/main/addresses/nonsense", {}), ("/search", {"q": "\x00"}),
        ("/search", {"q": "x" * 301}), ("/cases", {"cursor": "-1"}), ("/cases", {"limit": "0"}),
        ("/cases", {"cursor": "9" * 30}), ("/cases", {"limit": "many"}),
        ("/tasks", {"before": "%"}),
    )  # fmt: skip
    for path, query in asked:
        refused(api.ask("get", path, token, query_params=query), 404, 422)


def test_refusals_are_told_in_the_language_of_the_tokens_owner(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.ground.words import spoken
    from kancil.web import problem

    monkeypatch.setattr(problem, "render", lambda key, **_: f"{spoken()} {key}")
    person = api.site.people["examiner"]
    for language, told in (("km", "km"), ("th", "th"), ("xx", "en")):
        person.language = language
        person.save()
        answer = api.ask("get", "/cases/C999", api.tokens["examiner"])
        assert answer.json["sentence"] == f"{told} error.page-not-found.sentence"
    answer = api.ask("get", "/cases/C999", api.tokens["officer"])
    assert answer.json["sentence"].startswith("en ")


def test_a_fault_of_our_own_is_told_in_the_same_shape_and_without_its_inside(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.desk.cases import queries

    def broken(*_: Any) -> None:
        raise KeyError("inside")

    monkeypatch.setattr(queries, "bundles", broken)
    client = api.site.client(None)
    client.raise_request_exception = False
    headers = {"Authorization": f"Bearer {api.tokens['officer']}"}
    answer = client.get("/api/v1/cases/C1/bundles", headers=headers)
    assert answer.status_code == 500
    assert answer.json()["error"] == "server-fault"
    assert "inside" not in answer.content.decode()


def test_a_host_that_nobody_declared_is_refused_in_the_same_shape(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.tokens['officer']}", "Host": "evil.example"}
    answer = api.site.client(None).get("/api/v1/cases", headers=headers)
    assert answer.status_code == 422
    assert (answer.json()["error"], answer.json()["params"]["field"]) == (
        "request-not-readable",
        "Host",
    )


def test_a_stranger_cannot_make_the_server_read_a_large_form(api: Api) -> None:
    """What is too large, or comes without a good token, is refused before a byte is read."""
    from io import BytesIO

    class Unread(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError("the body was read")

    body: dict[str, Any] = {"wsgi.input": Unread(b"--x")}
    for length, token, status in ((10**12, None, 413), (1000, None, 401), (1000, "x", 401)):
        answer = api.ask(
            "post", "/cases/C1/exhibits", token, CONTENT_LENGTH=str(length),
            CONTENT_TYPE="multipart/form-data; boundary=x", **body,
        )  # fmt: skip
        assert answer.status == status
