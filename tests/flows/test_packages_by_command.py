"""A unit's figures become a package, and the programme imports it: all by command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.running import Ran, Unit, run
from tests.cli.sample_unit import found

pytestmark = pytest.mark.thorough

HALF = ("--since", "2026-01-01", "--until", "2026-06-30")
COMPARED = "read aloud on the telephone"


@dataclass(frozen=True, slots=True)
class Office:
    """A programme's workspace, in this process as the unit's."""

    root: Path

    def run(self, *words: str | Path) -> Ran:
        return run(*words, env={"KANCIL_HOME": str(self.root), "KANCIL_OFFICER": "olga"})


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A programme, which `olga` keeps."""
    office = Office(tmp_path / "programme")
    named = ("--name", "Programme", "--officer", "Olga", "--username", "olga")
    more = ("--zone", "UTC", "--second-factor-exception", "a test")
    ran = office.run("init", office.root, "--site", "programme", *named, *more)
    assert ran.status == 0, ran.err
    return office


@pytest.fixture
def two(tmp_path: Path) -> Unit:
    """A unit of two officers."""
    made = found(tmp_path)
    made.say("officer", "add", "Boun Souk", "--vouch", "known for years", "--role", "supervisor")
    return made


def test_a_package_goes_from_the_unit_to_the_programme(
    two: Unit, office: Office, tmp_path: Path
) -> None:
    out = tmp_path / "figures.kancil-package"
    assert two.ask("figures", *HALF)["tables"]["cooperation-outcomes"][0]["requests"] == 0
    assert "This is all that would leave." in two.say("package", "make", "--to", "P", *HALF)
    (draft,) = two.ask("package", "list")
    assert (draft["state"], draft["made_by"]) == ("draft", two.ask("officer", "list")[0]["id"])
    assert two.refused("package", "review", draft["id"], "-o", out)["code"] == "reviewer-made-it"
    assert not out.exists()
    made = two.ask("package", "review", draft["id"], "-o", out, officer="O2")
    assert two.ask("package", "list")[0]["state"] == "current"
    assert "Sent in the period" in two.say("package", "show", made["id"])
    assert two.refused("package", "show", "none")["code"] == "package-not-found"
    again = two.ask("package", "make", "--to", "P", *HALF)
    assert again["supersedes"] == made["id"]
    assert again["id"] in two.say("package", "discard", again["id"])
    assert two.refused("package", "make", "--to", "P", "--since", "soon", "--until", "now")["code"]

    def ask(*words: str | Path) -> str:
        ran = office.run("package", *words)
        return ran.out + ran.err

    assert made["fingerprint"] in ask("import", out), "the key is not trusted yet"
    trust = ("--name", "Unit", "--country", "LA", "--compared", COMPARED)
    assert made["fingerprint"] in ask("trust", made["fingerprint"], *trust)
    assert "was imported." in ask("import", out)
    assert "Nothing has changed." in ask("import", out)
    assert COMPARED in ask("keys")
    assert "current" in ask("list")
    assert "Sent in the period" in ask("show", made["id"])
    assert "withdrawn" in ask("withdraw", made["id"], "--reason", "counted twice")
    assert "withdrawn" in ask("list")
    assert made["fingerprint"] in ask("end-key", made["fingerprint"])
    for words in (("list",), ("keys",), ("show", made["id"])):
        assert made["id"] in ask(*words, "--json") or made["fingerprint"] in ask(*words, "--json")
        assert "note." not in ask(*words)


def test_a_package_is_made_on_a_units_site_and_imported_on_a_programmes(
    two: Unit, office: Office
) -> None:
    assert two.refused("package", "keys")["code"] == "programme-site-needed"
    ran = office.run("package", "make", "--to", "P", *HALF)
    assert ran.status != 0
    assert "unit" in ran.err
    assert run("package", "--help").status == 0
