"""What the command refuses to take back: only what is outside, and only on a paper."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Unit


def test_the_command_takes_back_only_what_is_outside_and_on_paper(
    unit: Unit, tmp_path: Path
) -> None:
    scan = tmp_path / "receipt.pdf"
    scan.write_bytes(b"signed on paper")
    words = ("exhibit", "record", "E1")
    back = (*words, "taken-back", "--place", "Gate")

    def recorded() -> int:
        return int(unit.ask("verify", unit.root)["entries"])

    before = recorded()
    assert unit.refused(*back, "--receipt", scan)["code"] == "receipt-wrong", "an officer holds it"
    stored = unit.refused(*words, "stored", "--place", "x", "--receipt", scan)
    assert stored["code"] == "option-not-usable"
    assert recorded() == before
    unit.say(*words, "deposited", "--to", "Court", "--place", "Hall")
    assert unit.refused(*back)["code"] == "option-missing"
    for option in ("--reason", "--to"):
        refused = unit.refused(*back, "--receipt", scan, option, "Court")
        assert refused["code"] == "option-not-usable", option
    assert recorded() == before + 1
