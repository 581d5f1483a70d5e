"""Recorded studies through the API: asked for, listed beside traces, read, refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_PAYMENT, PAID_ADDRESS
from tests.web.api_unit import Api, api_of
from tests.work.launch import load
from tests.work.shop import Shop

SPENT = "1Pu6ECnJkRMn5pJqjbwE6dBv88tY9CBEQ5"
WANTED: dict[str, dict[str, Any]] = {
    "cluster": {"address": SPENT},
    "exposure": {"address": PAID_ADDRESS, "direction": "received", "hops": 2},
    "change": {"txid": FIRST_PAYMENT, "combine": ["majority"]},
    "pattern": {"patterns": ["peel-chain"], "most": 5},
}
STUDIES = "/cases/C1/studies"


@pytest.fixture(scope="module")
def api(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Api:
    """A unit for whose C1 each study was asked for and run."""
    load()
    made = api_of(sample, tmp_path_factory.mktemp("api-studies"))
    for name, given in WANTED.items():
        body = {"study": name, "chain": "main", **given}
        answer = made.ask("post", STUDIES, made.tokens["officer"], body=body)
        assert answer.status == 202, answer.content
        assert answer.json["name"] == "run-study"
    assert Shop(made.site, "").work_off() == len(WANTED)
    return made


def test_studies_are_listed_beside_traces_in_the_order_of_the_ledger(api: Api) -> None:
    rows = api.get(STUDIES)["items"]
    assert [row["number"] for row in rows] == ["T1", "S1", "S2", "S3", "S4"]
    assert [row["study"] for row in rows] == ["trace", *WANTED]
    assert [row["entry"] for row in rows] == sorted(row["entry"] for row in rows)
    first = api.get(STUDIES, limit=2)
    rest = api.get(STUDIES, cursor=first["next"])
    assert [*first["items"], *rest["items"]] == rows


def test_a_study_is_read_with_answer_tables_and_limits(api: Api) -> None:
    for row in api.get(STUDIES)["items"]:
        whole = api.get(f"{STUDIES}/{row['number']}", "reader")
        assert {name: whole[name] for name in row} == row
        assert whole["answer"]
        assert whole["limits"]
        assert api.get(f"{STUDIES}/{row['id']}") == whole
    cluster = api.get(f"{STUDIES}/S1")
    assert len(cluster["tables"]["members"]) == 16
    assert isinstance(cluster["tables"]["subject"][0]["received_sat"], str)
    assert api.get(f"{STUDIES}/S2")["parameters"]["hops"] == 2
    assert api.ask("get", f"{STUDIES}/S9", api.tokens["officer"]).status == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"study": "trace", "chain": "main"}, "request-not-readable"),
        ({"study": "cluster", "chain": "main", "hops": 2}, "option-not-usable"),
        ({"study": "cluster", "chain": "none", "address": SPENT}, "page-not-found"),
        ({"study": "exposure", "chain": "main", "policy": "all"}, "request-not-readable"),
        ({"study": "pattern", "chain": "main", "patterns": ["none"]}, "member-not-found"),
        ({"study": "change", "chain": "main", "combine": []}, "request-not-readable"),
    ],
)
def test_what_a_study_does_not_take_is_refused_at_once(
    api: Api, body: dict[str, Any], code: str
) -> None:
    answer = api.ask("post", STUDIES, api.tokens["officer"], body=body)
    assert (400 <= answer.status < 500, answer.json["error"]) == (True, code)
    assert Shop(api.site, "").work_off() == 0
