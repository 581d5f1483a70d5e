"""The examples of docs/howto/api.md, run as they stand with curl against a served unit."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import ROOT, Unit
from tests.web.api_unit import Api, api_of

PAGE = ROOT / "docs" / "howto" / "api.md"
ADDRESS = "http://localhost:8000"
SECONDS = 60


@pytest.fixture(scope="module")
def served(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, str]]:
    api = api_of(sample, tmp_path_factory.mktemp("howto"))
    from kancil.web.reach import Reach
    from kancil.web.serving import server

    serving = server(Reach(port=0))
    serving.prepare()
    thread = threading.Thread(target=serving.serve, daemon=True)
    thread.start()
    yield api, f"http://localhost:{serving.bind_addr[1]}"
    serving.stop()
    thread.join()


def examples() -> list[str]:
    """Those of a unit's site; the programme's are asked in its own tests."""
    found = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    return [each for each in found if ADDRESS in each]


def run(example: str, address: str, folder: Path) -> Any:
    """Run an example in a folder where its files lie; gives what it prints."""
    assert ADDRESS in example
    ran = subprocess.run(
        ["bash", "-c", example.replace(ADDRESS, address)], cwd=folder, check=True,
        capture_output=True, timeout=SECONDS,
    )  # fmt: skip
    return json.loads(ran.stdout)


def test_the_examples_of_the_page_do_what_it_says(served: tuple[Api, str], tmp_path: Path) -> None:
    api, address = served
    cases, taken, asked = examples()
    header = f"Authorization: Bearer {api.tokens['officer']}\n"
    (tmp_path / "kancil-token").write_text(header, "ascii")
    (tmp_path / "statement.csv").write_bytes(b"date,amount\n2026-11-24,100\n")
    question, study = re.findall(r"^```json\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    (tmp_path / "question.json").write_text(question, "utf-8")

    assert {case["number"] for case in run(cases, address, tmp_path)["items"]} == {"C1"}
    made = run(taken, address, tmp_path)
    sent = (tmp_path / "statement.csv").read_bytes()
    assert made["contents"][0]["sha256"] == hashlib.sha256(sent).hexdigest()
    assert made["history"][0]["on_behalf"]["authenticated_by"] == "token"
    task = run(asked, address, tmp_path)
    assert task["state"] == "waiting"
    assert api.get(f"/tasks/{task['id']}")["name"] == "run-trace"
    token = api.tokens["officer"]
    answer = api.ask("post", "/cases/C1/studies", token, body=json.loads(study))
    assert answer.status == 202


def test_a_token_that_is_not_good_is_told_so_over_the_wire(
    served: tuple[Api, str], tmp_path: Path
) -> None:
    _, address = served
    (tmp_path / "kancil-token").write_text("Authorization: Bearer kancil_wrong\n", "ascii")
    assert run(examples()[0], address, tmp_path)["error"] == "token-needed"
