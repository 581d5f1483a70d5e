"""What solvers share: downloaded files taken in by commands, tables read as anybody reads them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kancil.ground.phrase import Phrase, from_json
from kancil.ground.words import render_phrase

from .solver import Given, Workbench

CHAIN = "lab"
COINS_IN: Mapping[str, Any] = {
    "columns": {
        "amount": "Amount",
        "asset": "Coin",
        "chain": "Network",
        "status": "Status",
        "time": "Time",
        "time_of_day": "Clock",
        "to_address": "Address",
        "to_name": "Account",
        "txid": "TXID",
    },
    "direction": {"by": "none", "value": None, "words_in": [], "words_out": []},
}
"""What an officer decides of an exchange's table of deposits: each went to its address."""
CASE = "C1"
_ADDRESS = re.compile(r"\b(?:bcrt1[0-9a-z]{20,80}|[2mn][1-9A-HJ-NP-Za-km-z]{25,34})\b")


@dataclass(slots=True)
class Worked:
    """What a trainee's account was given, taken into the workspace."""

    bench: Workbench
    given: Given
    exhibits: dict[str, str] = field(default_factory=dict)
    """Label of the exhibit by the file's name: `bank-statement.csv` is `E3`."""
    digests: dict[str, str] = field(default_factory=dict)
    """SHA-256 by the file's name, as the intake computed it."""

    @property
    def variant(self) -> str:
        """The variant whose answers these are."""
        return self.given.variant

    def path(self, name: str) -> Path:
        """A file of evidence."""
        return self.given.path(name)

    def named(self, kind: str) -> list[str]:
        """The files of a kind, in the manifest's order."""
        return [each["name"] for each in self.given.page["evidence"] if each["kind"] == kind]

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV file by their columns; `line` is the line in the file."""
        with self.path(name).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            return [{**row, "line": str(reader.line_num)} for row in reader]

    @property
    def story(self) -> dict[str, str]:
        """What the paragraphs of the story name, such as the zone of the local clock."""
        named = (each["params"] for each in self.given.page["story"])
        return {str(name): str(value) for params in named for name, value in params.items()}

    def messages(self, name: str) -> list[dict[str, Any]]:
        """All messages of a chat export, chat by chat."""
        chats = json.loads(self.path(name).read_text("utf-8"))["chats"]["list"]
        return [message for chat in chats for message in chat["messages"]]

    def addresses(self, name: str) -> list[str]:
        """What looks like an address of the chain in a chat export, in the order of reading."""
        texts = [str(each["text"]) for each in self.messages(name)]
        return list(dict.fromkeys(each for text in texts for each in addresses_in(text)))

    def words(self, question: str) -> dict[str, str]:
        """The statements that a finding or ruling offers, with their parameters as text."""
        (asked,) = [each for each in self.given.page["questions"] if each["id"] == question]
        return {each["code"]: _rendered(each["words"]) for each in asked["choices"]}


def addresses_in(text: str) -> list[str]:
    """What looks like an address of the chain in a text, in order."""
    return [str(each) for each in _ADDRESS.findall(text)]


def take_in(bench: Workbench, given: Given) -> Worked:
    """Open the case under the lab's legal basis and add every file as an exhibit."""
    work = Worked(bench, given)
    bench.ask("case", "new", "Exercise", "--legal-basis", _rendered(given.page["basis"]))
    for each in given.page["evidence"]:
        answer = bench.ask(
            "exhibit", "add", CASE, work.path(each["name"]), "--title", each["name"],
            "--source", _rendered(each["source"]),
        )  # fmt: skip
        work.exhibits[each["name"]] = answer["label"]
        work.digests[each["name"]] = answer["content"]["sha256"]
    return work


def ingest(work: Worked) -> None:
    """Read the block files, then import the labels."""
    (blocks,) = work.named("blocks")
    bench = work.bench
    bench.ask("bitcoin", "ingest", CHAIN, work.exhibits[blocks], "--network", "regtest")
    for name in work.named("labels"):
        bench.ask("labels", "import", work.path(name), "--network", "regtest")


def read_table(
    work: Worked, name: str, stated_by: str, scratch: Path, changes: Mapping[str, Any]
) -> Any:
    """Import a table as reported transfers by the suggested mapping, with what was left open.

    `changes`: parts of the mapping that the officer decides. Gives what the command answers.
    """
    bench, exhibit = work.bench, work.exhibits[name]
    mapping = {**bench.ask("transfers", "suggest", exhibit)["mapping"], **changes}
    decided = scratch / f"{exhibit}.json"
    decided.write_text(json.dumps(mapping), "utf-8")
    return bench.ask("transfers", "read", exhibit, "--mapping", decided, "--stated-by", stated_by)


def way_back(transfers: Sequence[Mapping[str, Any]], start: str, end: str) -> list[str]:
    """The transactions from a start to an output of a trace, by what carries most at each step."""
    by_output = {str(row["to_output"]): row for row in transfers}
    found: list[str] = []
    at = end
    while at != start:
        row = by_output[at]
        found.append(str(row["txid"]))
        sources = str(row["from_outputs"]).split()
        known = [each for each in sources if each in by_output or each == start]
        at = start if start in known else max(known, key=lambda each: _sat(by_output[each]))
    return [start.split(":")[0], *reversed(found)]


def _sat(row: Mapping[str, Any]) -> int:
    return int(row["upper_sat"])


def btc_text(value_sat: int | str) -> str:
    """Satoshi as an answer has them: bitcoin with eight places."""
    whole, part = divmod(int(value_sat), 100_000_000)
    return f"{whole}.{part:08d}"


def _rendered(words: Mapping[str, Any]) -> str:
    return render_phrase(Phrase(words["key"], from_json(words["params"])))
