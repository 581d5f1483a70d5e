"""The annexes of a letter by number: its exhibits and findings, for a reader outside the unit.

A draft cites them by the unit's own labels (`F7; E3, line 6`), which say nothing to a bank. In the
letter they are numbered, exhibits first, and the list at its end has both names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kancil.ground.phrase import Param
from kancil.legal.request import Item
from kancil.reports.document.blocks import Line

from .facts import Rests
from .speech import Speech

_CITED = re.compile(r"\b([EF][1-9][0-9]{0,8})\b")
_PLACE = re.compile(r"(E[1-9][0-9]{0,8})(?:, (.+))?")
_OUTPUT = re.compile(r"\bT[1-9][0-9]{0,8} output ([0-9]+)\b")
_ACCOUNTS = ("bank-account", "iban")


class Annexes:
    """What a letter rests on, numbered."""

    def __init__(self, rests: Rests) -> None:
        """Number the exhibits, then the findings, as the list at the end has them."""
        labels = [each.label for each in rests.exhibits]
        labels += [each.label for each in rests.findings]
        self.numbers = {label: number for number, label in enumerate(labels, 1)}
        self._titles = {each.label: each.title for each in rests.exhibits}

    def name(self, label: str, speech: Speech) -> str:
        """`Annex 1`; the label where the letter does not list it."""
        number = self.numbers.get(label)
        return label if number is None else speech.text("letter.annex-name", n=number)

    def named(self, text: str, speech: Speech) -> str:
        """A text with the unit's labels as annexes, and outputs without the number of a trace."""
        bare = _OUTPUT.sub(lambda found: speech.text("letter.output", n=found[1]), text)
        return _CITED.sub(lambda found: self.name(found[1], speech), bare)

    def proofs(self, item: Item, speech: Speech) -> Iterator[Line]:
        """What an item rests on, each in a line: annex, what it is, and the place in it."""
        for part in filter(None, item.proof.split("; ")):
            place, output = _PLACE.fullmatch(part), _OUTPUT.fullmatch(part)
            if place is not None and place[1] in self.numbers:
                yield self._exhibit(item, place[1], place[2] or "", speech)
            elif output is not None and item.txid:
                yield speech.line("letter.annex-output", "muted", n=output[1])
            else:
                key = "letter.annex-finding" if part in self.numbers else ""
                named = self.name(part, speech)
                yield speech.line(key, "muted", annex=named) if key else Line(part, "muted")

    def _exhibit(self, item: Item, label: str, place: str, speech: Speech) -> Line:
        told: dict[str, Param] = {
            "annex": self.name(label, speech), "title": self._titles[label],
            "account": item.value, "place": place,
        }  # fmt: skip
        is_own = item.keeper and item.reported_by == item.keeper and item.selector in _ACCOUNTS
        key = "letter.annex-statement" if is_own else "letter.annex-exhibit"
        return speech.line(f"{key}{'' if place else '-whole'}", "muted", **told)
