"""Donors, grants, rates and spending by command."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from kancil.cli.programme.spending import _classes
from kancil.ground.errors import NotPermitted, OptionNotUsable, Refused
from kancil.ground.phrase import Phrase
from kancil.ground.words import render_phrase
from tests.cli.running import read_json
from tests.flows.programme_site import Desk, Programme
from tests.web.programme.conftest import sample_programme
from tests.web.programme.served import copied

pytestmark = pytest.mark.thorough

__all__ = ["sample_programme"]  # the fixture

LEDGER = """Date,Document,Amount,Class,Fund,Project,Text
2026-02-03,D1,1000.00,Travel,NOR-1,2027-SEA-001,Tickets
2026-02-10,D2,30.01,Contractual services,WHO,,Venue
wrong,D3,1.00,Travel,NOR-1,,Lost
"""


def test_a_class_that_is_none_is_named_with_those_there_are() -> None:
    with pytest.raises(OptionNotUsable) as refused:
        _classes(["Flights=travel", "Fees=unknown"])
    assert refused.value.params["value"] == "Fees=unknown"
    assert "staff, supplies, equipment" in render_phrase(cast(Phrase, refused.value.params["why"]))
    assert _classes(["Flights=travel"]) == {"Flights": "travel"}


def test_a_grant_is_added_spent_and_reconciled_by_command(
    sample_programme: Path, tmp_path: Path
) -> None:
    programme = Programme()
    desk = Desk(programme, copied(sample_programme, tmp_path))
    ledger, rates = tmp_path / "ledger.csv", tmp_path / "rates.csv"
    ledger.write_text(LEDGER)
    rates.write_text("Currency code,Rate\nAUD,1.5\n")
    of_file = (
        "spending", "import", ledger, "--system", "Ledger", "--from", "2026-01-01", "--to",
        "2026-06-30", "--currency", "USD", "--stated", "1030.01",
    )  # fmt: skip

    def ask(who: str, *words: str | Path, status: int = 0) -> Any:
        ran = desk.run(who, "programme", *words, "--json")
        assert ran.status == status, (words, ran.err)
        return read_json(ran.out)

    def say(*words: str | Path) -> str:
        ran = desk.run("fin", "programme", *words)
        assert ran.status == 0, (words, ran.err)
        return ran.out

    try:
        donor = ask("fin", "donor", "add", "Ministry of Norland", "--country-code", "XN")["id"]
        assert [each["id"] for each in ask("fin", "donor", "list")] == [donor]
        terms = ("--title", "Units", "--donor", "Ministry of Norland", "--amount", "5000.00",
                 "--currency", "USD", "--begins-on", "2026-01-01", "--ends-on", "2026-06-30",
                 "--audit-until", "2033-12-31", "--support-percent", "7.5")  # fmt: skip
        grant = ask("fin", "grant", "add", "NOR-1", *terms)["id"]
        ask("fin", "rate", "import", rates, "--source", "Nowhere", "--valid-from", "2026-01-01")
        assert [each["rates"] for each in ask("fin", "rate", "list")] == [1]
        tried = ask("fin", *of_file, "--dry-run")
        assert (tried["lines"], tried["of_grants"], tried["unknown"]) == (2, 1, ["WHO"])
        assert "no day in the order" in say(*of_file, "--dry-run")
        file = ask("fin", *of_file)["id"]
        (waits,) = ask("fin", "spending", "list", "--unmatched")
        assert (waits["reference"], waits["money"]["minor"]) == ("D2", 3001)
        found = ask("fin", "spending", "reconcile", file)
        assert found["is_reconciled"] is False
        keys = [each["said"]["key"].rpartition(".")[2] for each in found["findings"]]
        assert keys == ["not-taken", "unmatched"]
        ask("fin", "spending", "match", str(waits["id"]), "--grant", "NOR-1")
        assert "Rows of the file that could not be read" in say("spending", "reconcile", file)
        assert ask("fin", "grant", "list")[0]["left_minor"] == str(500_000 - 103_001)
        shown = ask("fin", "grant", "show", "NOR-1")
        assert (shown["id"], shown["support_bp"], shown["is_reconciled"]) == (grant, 750, False)
        assert "USD\u00a01,030.01" in say("grant", "show", grant)
        assert ask("fin", "spending", "reconcile", "NOR-1")["id"] == grant
        assert ask("lea", "grant", "list") == []
        for words in (("spending", "list"), ("rate", "list"), of_file):
            assert (
                ask("lea", *words, status=NotPermitted.exit_status)["error"]["code"]
                == "act-not-yours"
            )
        again = ask("fin", *of_file, status=Refused.exit_status)["error"]["code"]
        assert again == "file-imported-before"
        ask("fin", "spending", "undo", file)
        for words in (("donor", "list"), ("grant", "list"), ("rate", "list"), ("spending", "list")):
            assert "note." not in say(*words)
    finally:
        programme.close()
