"""What is known of our dependencies: the bill of materials, and the question for advisories."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence

import pytest

from tools.audit import LOCKS, NOT_REACHED, audit
from tools.build_sbom import bill
from tools.tree import ROOT

LOCK = ROOT / "requirements" / "run.txt"


def test_the_bill_has_every_pin_with_its_licence_and_digests() -> None:
    made = bill(LOCK, "1.2.3")
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["serialNumber"])
    pins = re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", LOCK.read_text("utf-8"), re.MULTILINE)
    assert [(each["name"], each["version"]) for each in made["components"]] == pins
    references = {each["bom-ref"] for each in made["components"]}
    assert len(references) == len(pins)
    assert set(made["dependencies"][0]["dependsOn"]) == references
    for each in made["components"]:
        assert each["type"] == "library"
        assert each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}"
        (source,) = each["externalReferences"]
        assert source["hashes"]
        assert all(re.fullmatch("[0-9a-f]{64}", one["content"]) for one in source["hashes"])
        assert each["licenses"][0]["license"]["name"]
    assert bill(LOCK, "1.2.3") == made, "the same lock gives the same bill"


def test_a_bill_names_the_licences_of_what_is_installed() -> None:
    by_name = {each["name"]: each["licenses"] for each in bill(LOCK, "1")["components"]}
    assert "BSD" in str(by_name["django"])
    unknown = [name for name, said in by_name.items() if "not stated" in str(said)]
    assert len(unknown) < len(by_name) // 5, unknown


@pytest.mark.parametrize(
    ("code", "told", "status", "said"),
    [
        (0, "No known vulnerabilities found", 0, "no known vulnerabilities"),
        (1, "Found 2 known vulnerabilities in 1 package", 1, "Found 2"),
        (1, "ConnectionError: Max retries exceeded", 0, NOT_REACHED),
        (1, "cannot parse the file", 2, "cannot parse"),
    ],
)
def test_an_audit_tells_found_from_not_reached(
    code: int, told: str, status: int, said: str
) -> None:
    asked: list[str] = []

    def run(words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        asked.append(words[-1])
        return subprocess.CompletedProcess(list(words), code, "", told)

    found, lines = audit(run)
    assert found == status
    assert said in "\n".join(lines)
    assert len(asked) == (len(LOCKS) if status < 2 and said != NOT_REACHED else 1)
