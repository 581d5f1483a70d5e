"""What the page of a transaction says of its change: the answers of `kancil bitcoin change`.

Only the one transaction is judged. A guess with its reasons, never a finding.
"""

from __future__ import annotations

from collections.abc import Sequence

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.change.combine import COMBINATIONS, Combined, Vote
from kancil.bitcoin.change.heuristic import ChangeVerdict, Named
from kancil.bitcoin.change.notes import notes_of
from kancil.bitcoin.change.views import ChangeView, OutputShown, ask_change
from kancil.bitcoin.coinjoins.verdicts import Look
from kancil.desk.studies.changed import TooMuch, command_of, too_much
from kancil.ground.phrase import Phrase
from kancil.studies.change.study import CHANGE
from kancil.web.cells import Section, amount, folded, number, rows_left, table, tag
from kancil.web.parts import Cell, Several
from kancil.web.studies.chain_cells import address_cell

SHOWN_ROWS = 200
_HEADING = "web.change.heading"
_LOOKS = {
    "coinjoin": "web.cluster.looks-coinjoin",
    "equal-outputs": "web.cluster.looks-equal-outputs",
    "unsure": "web.cluster.looks-unsure",
}
_TOO_MUCH = {
    TooMuch.COINS: "web.change.too-many",
    TooMuch.PAYMENTS: "web.change.paid-too-often",
}


def change_sections(chain: Chain, txid: str) -> tuple[list[Section], list[Phrase]]:
    """Show which output may be change, the answer first; and the limits of that."""
    tx = chain.tx_row(txid)
    much = too_much(chain, tx)
    if much is not None:
        return [_told([Phrase(_TOO_MUCH[much], {"command": command_of(chain, tx)})])], []
    view = ask_change(chain, txid, COMBINATIONS)
    notes = notes_of(view)
    if view.not_applicable is not None:
        return [_told(notes, _looks(view.joins))], []
    parts = [_answers(view), *_looks(view.joins), _members(view), *_outputs(chain.name, view)]
    return [_told(CHANGE.answer(CHANGE.result(view, {})), parts)], notes


def _told(texts: Sequence[Phrase], parts: Sequence[Section] = ()) -> Section:
    return {
        "kind": "told", "heading": Phrase(_HEADING), "texts": texts, "parts": parts,
        "anchor": "change",
    }  # fmt: skip


def _answers(view: ChangeView) -> Section:
    """Show what each combination says, and who voted."""
    columns = ("change-combination", "change-names", "why", "change-voted", "change-abstained")
    rows = [
        (
            _named(one.combination.name, one.combination.version, one.combination.way),
            _answer(one.verdict),
            one.verdict.why,
            ", ".join(vote.member.name for vote in one.votes if vote.is_cast) or "–",
            ", ".join(vote.member.name for vote in one.votes if not vote.is_cast) or "–",
        )
        for one in view.combined
    ]
    return {**table("web.change.together", columns, rows), "kind": "rows"}


def _named(name: str, version: str, way: str) -> Cell:
    return Several([f"{name} {version}", Phrase(f"web.change-way.{way}")])


def _answer(verdict: ChangeVerdict) -> Cell:
    """Show the output that is named, or that none is, or that it cannot be told."""
    if verdict.answer is Named.CHANGE:
        return tag("plain", "web.change.output", output=verdict.output)
    if verdict.answer is Named.UNKNOWN:
        return tag("unknown", "note.change-answer-unknown")
    return Phrase("note.change-answer-none")


def _members(view: ChangeView) -> Section:
    """Show what each rule says and why, with its source and what is known of its error."""
    columns = ("change-rule", "change-names", "why", "known-error", "rules-from")
    rows = [
        (
            Several([f"{vote.member.name} {vote.member.version}", Phrase(vote.member.words[0])]),
            _answer(vote.verdict),
            vote.verdict.why,
            Phrase(vote.member.words[-1]),
            vote.member.source,
        )
        for vote in view.votes
    ]
    return folded("web.change.members", columns, rows, count=len(rows))


def _outputs(chain: str, view: ChangeView) -> list[Section]:
    """Show of each output which rules and combinations name it."""
    columns = ("n>", "amount>", "address", "change-named-by", "change-combined-by")
    shown = view.outputs[:SHOWN_ROWS]
    rows = [
        (
            number(each.n),
            amount(each.value_sat),
            address_cell(chain, each.address, each.script),
            _named_by(each, view.votes),
            _combined_by(each, view.combined),
        )
        for each in shown
    ]
    every = folded("web.change.outputs", columns, rows, count=len(view.outputs))
    return [every, *rows_left(len(shown), len(view.outputs))]


def _named_by(output: OutputShown, votes: Sequence[Vote]) -> Cell:
    if not output.can_be_change:
        return Phrase("web.change.never")
    found: list[Cell] = [
        Phrase("web.change.by", {"heuristic": vote.member.name, "rule": vote.verdict.rule})
        for vote in votes
        if vote.verdict.output == output.n
    ]
    untold = sum(vote.verdict.answer is Named.UNKNOWN for vote in votes)
    if untold:
        found.append(tag("unknown", "web.change.untold", count=untold))
    return Several(found) if found else Phrase("web.change.by-none")


def _combined_by(output: OutputShown, combined: Sequence[Combined]) -> Cell:
    found = [one.combination.name for one in combined if one.verdict.output == output.n]
    return ", ".join(found) or Phrase("web.change.by-none")


def _looks(joins: Sequence[Look]) -> list[Section]:
    """Show what detectors of CoinJoins say but for a no."""
    if not joins:
        return []
    columns = ("looks-like", "why", "known-error", "rules-from")
    rows = [
        (
            _look(look),
            look.verdict.why,
            Phrase(look.error),
            look.heuristic.source,
        )
        for look in joins
    ]
    return [folded("web.change.looks", columns, rows, count=len(rows))]


def _look(look: Look) -> Cell:
    heuristic = look.heuristic
    name = f"{heuristic.name} {heuristic.version}"
    if not look.is_fired:
        return Several([name, tag("unknown", "note.change-answer-unknown")])
    words = {"heuristic": heuristic.name, "version": heuristic.version, "rule": look.verdict.rule}
    return Phrase(_LOOKS[look.manner], words)
