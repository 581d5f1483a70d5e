"""Invented requests, right and wrong, to every operation: no fault of ours, answers as said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.cli.running import Unit
from tests.web.api_unit import Api, api_of, operations

EXAMPLES = 6
"""For each operation and role."""


@pytest.fixture(scope="module")
def api(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Api:
    return api_of(sample, tmp_path_factory.mktemp("schema"))


def schema_of() -> Any:
    import schemathesis
    from django.core.handlers.wsgi import WSGIHandler

    headers = {"Host": "localhost"}
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler(), headers=headers)


def checks() -> list[Any]:
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    return [
        not_a_server_error, content_type_conformance, response_schema_conformance,
        status_code_conformance,
    ]  # fmt: skip


def ask_often(one: Any, known: dict[str, Any], headers: dict[str, str]) -> list[int]:
    """Ask an operation what fits its schema and what does not; gives the answers' statuses."""
    from schemathesis import GenerationMode

    right = one.as_strategy(generation_mode=GenerationMode.POSITIVE)
    wrong = one.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    statuses: list[int] = []

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), derandomize=True,
    )  # fmt: skip
    @given(case=right | wrong, is_there=st.booleans())
    def ask(case: Any, is_there: bool) -> None:
        if is_there and case.path_parameters:
            for place in case.path_parameters:
                case.path_parameters[place] = known[place]
        answer = case.call_and_validate(headers=headers, checks=checks())
        statuses.append(answer.status_code)

    ask()
    return statuses


@pytest.mark.thorough
@pytest.mark.parametrize("role", ["reader", "officer"])
def test_whatever_is_asked_there_is_no_fault_and_the_answer_fits_the_schema(
    api: Api, role: str
) -> None:
    samples = {each.name: each.sample for each in operations()}
    found = [each.ok() for each in schema_of().get_all_operations()]
    assert {one.definition.raw["operationId"] for one in found} == set(samples)
    headers = {"Authorization": f"Bearer {api.tokens[role]}", "Host": "localhost"}
    statuses: set[int] = set()
    for one in found:
        known = {"case": "C1", **samples[one.definition.raw["operationId"]]}
        answered = ask_often(one, known, headers)
        assert answered, "an operation was never asked"
        statuses |= set(answered)
    assert {200, 404, 422 if role == "officer" else 403} <= statuses
