"""Page one's five answers, in sentences: what was asked, how much, where it went, when, how sure.

From the traces' tables and the case's facts, by the same sentence that the workbench shows
(`studies/trace/answer.py`). Names of the chain stand shortened in a sentence and whole in the notes
at the foot of the page, each under its number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from kancil.bitcoin.network import network_named
from kancil.bitcoin.script.script import bare_keys, classify
from kancil.ground.phrase import Phrase
from kancil.ground.units import SAT_PER_BTC, few, grouped
from kancil.ground.words import render, render_phrase
from kancil.records.price import PriceBook, Valued, value_at
from kancil.reports.casework.bundle import statement_words
from kancil.reports.casework.bundle.answers import Answer, Answers
from kancil.reports.casework.bundle.content import ReportContent
from kancil.reports.casework.bundle.content_tables import is_backward, policy_name
from kancil.reports.document.blocks import Line, cell, mono, muted
from kancil.studies.amounts import COIN, btc, btc_range, short, short_outpoint
from kancil.studies.sentences import date_of, joined
from kancil.studies.trace.answer import Saying, trace_answer
from kancil.studies.trace.tables import COLUMNS

from .gather import CaseFacts, Order
from .times import read_time
from .values import ASSET, currencies_of

QUESTIONS = ("asked", "amount", "where", "when", "reported", "sure")
ASKED, AMOUNT, WHERE, WHEN, REPORTED, SURE = QUESTIONS
MOST_RUNS = 3
"""Traces and studies that page one answers; the others are named with their sections."""
MOST_FINDINGS = 6
"""Findings that page one names for each of them."""
MOST_ENDS = 4
"""Places that it names for each trace; the tables hold all."""
_SHORT = re.compile("[0-9A-Za-z]{8}\u2026[0-9A-Za-z]{6}(?::[0-9]+)?")
_LONG = re.compile("[0-9A-Za-z]{26,}(?::[0-9]+)?")


@dataclass
class Notes:
    """Numbers for the names that a page shortens, in the order in which they are met."""

    known: dict[str, str]
    """Whole names by their short forms."""
    found: list[str] = field(default_factory=list)

    def marked(self, text: str) -> str:
        """A sentence with its long names shortened, and a number behind each short one."""
        for whole in _LONG.findall(text):
            self.known.setdefault(short_outpoint(whole), whole)
        text = _LONG.sub(lambda found: short_outpoint(found[0]), text)
        return _SHORT.sub(lambda found: found[0] + self._mark(found[0]), text)

    def _mark(self, name: str) -> str:
        whole = self.known.get(name)
        if whole is None:
            return ""
        if whole not in self.found:
            self.found.append(whole)
        return f" [{self.found.index(whole) + 1}]"

    @property
    def lines(self) -> tuple[Line, ...]:
        """The names, whole, each behind its number."""
        return tuple(mono(name, f"[{number}]") for number, name in enumerate(self.found, 1))


def short_answers(
    facts: CaseFacts,
    answers: Answers,
    content: ReportContent,
    order: Order,
    labels: Sequence[str],
    studies: Sequence[str],
) -> tuple[list[tuple[str, tuple[Line, ...]]], Notes]:
    """The rows of page one and its notes; `labels`, `studies`: names of traces and studies."""
    shown = _Shown(answers)
    notes = Notes(shown.short_names())
    said: dict[str, list[Line]] = {name: [] for name in QUESTIONS}
    runs = [*labels, *studies]
    for label, answer in list(zip(labels, answers.answers, strict=True))[:MOST_RUNS]:
        telling = _Telling(answer, shown, facts.zone, order.prices)
        for name, lines in telling.said().items():
            tag = label if len(runs) > 1 else ""
            said[name] += [_tagged(notes.marked(line), tag) for line in lines]
        said[WHERE].append(muted(_signed(facts, label)))
    room = MOST_RUNS - min(len(labels), MOST_RUNS)
    for label, study in list(zip(studies, content.studies, strict=True))[:room]:
        tag = label if len(runs) > 1 else ""
        said[ASKED].append(_tagged(notes.marked(study.question), tag))
        said[WHERE] += [_tagged(notes.marked(line), tag) for line in study.answer[:2]]
        said[WHERE].append(muted(_signed(facts, label)))
        if study.limits:
            limits = render("note.page1-limits", count=len(study.limits))
            said[SURE].append(_tagged(limits, tag))
    if len(runs) > MOST_RUNS:
        others = ", ".join(runs[MOST_RUNS:])
        said[ASKED].append(muted(render("note.page1-others", names=others)))
    said[SURE] += [Line(line) for line in _for_all(answers)]
    if (reported := order.shown_reports) is not None:
        said[REPORTED] = [Line(line) for line in reported.sentences]
    titles = {name: render(f"name.page1-{name}") for name in QUESTIONS}
    if answers.answers and all(map(is_backward, answers.answers)):
        titles[WHERE] = render("name.page1-whence")
    elif not answers.answers:
        titles[WHERE] = render("name.page1-found")
    return [(titles[name], cell(*said[name])) for name in QUESTIONS if said[name]], notes


def _signed(facts: CaseFacts, label: str) -> str:
    """Which findings rest on a trace or study, and who accepted them; else that none does."""
    resting = {name for run in facts.runs if run.label == label for name in run.findings}
    found = [one for one in facts.standing if f"F{one.number}" in resting]
    if not found:
        return render("note.page1-signed-by-nobody", name=label)
    names = few([f"F{one.number}" for one in found], MOST_FINDINGS)
    people = dict.fromkeys(statement_words.by(one.said) or "" for one in found)
    officers = ", ".join(each for each in people if each) or render("note.stated-not")
    return render("note.page1-signed", name=label, findings=names, officers=officers)


def _tagged(text: str, tag: str) -> Line:
    return Line(text, tag=tag)


class _Shown:
    """What the report's own graph shows of transactions, by the names that its tables hold."""

    def __init__(self, answers: Answers) -> None:
        """Take the answers, for their material and its graph."""
        self.answers, self.labels = answers, answers.material.labels
        material = answers.material
        self.coin = network_named(material.network).coin if material.has_chain else COIN
        self.rows = {one.txid: row for row, one in enumerate(answers.material.transactions)}
        self.heights = {one.hash: one.height for one in answers.material.blocks}
        self.addresses = dict(zip(answers.small.outpoints, answers.small.addresses, strict=True))

    def short_names(self) -> dict[str, str]:
        """Whole names of outputs, addresses and keys by their short forms.

        A form that two share, or that is the whole name, is left out.
        """
        found: defaultdict[str, set[str]] = defaultdict(set)
        for outpoint, address in self.addresses.items():
            found[short_outpoint(outpoint)].add(outpoint)
            if named := address or self.key_of(outpoint):
                found[short(named)].add(named)
        return {name: whole for name, (whole, *more) in found.items() if not more and name != whole}

    def address_of(self, outpoint: str) -> str:
        """The address that a shown output pays, empty where it has none."""
        return self.addresses.get(outpoint) or ""

    def key_of(self, outpoint: str) -> str:
        """The key in hex that an output pays directly, empty where it pays none or several."""
        txid, _, place = outpoint.partition(":")
        if txid not in self.rows:
            return ""
        script = self.answers.small.read[self.rows[txid]].outputs[int(place)].script
        keys = bare_keys(*classify(script))
        return keys[0].hex() if len(keys) == 1 else ""

    def height_of(self, txid: str) -> int | None:
        """The height of a transaction's block, where it is shown."""
        row = self.rows.get(txid)
        return None if row is None else self.heights.get(self.answers.names.block_hash(row))

    def moment_of(self, txid: str) -> datetime | None:
        """The time that its block's miner claims, where the block is shown."""
        row = self.rows.get(txid)
        return None if row is None else read_time(self.answers.names.block_time(row))

    def publishers(self) -> dict[str, str]:
        """Who says what, by the number of a label."""
        return {
            str(number): f"{label.publisher}: {label.label or label.category}"
            for number, label in enumerate(self.labels, 1)
        }


def _for_all(answers: Answers) -> Iterable[str]:
    """What holds for every trace: no label was checked, and an address is not a person."""
    if not answers.material.has_chain:
        return
    count = len(answers.material.labels)
    yield render("note.page1-labels", count=count) if count else render("note.page1-no-labels")
    yield render("note.page1-owner")


def _ended(text: str) -> str:
    """Words of others as a sentence of their own."""
    return f"{text}." if text and text[-1] not in ".!?" else text


class _Telling:
    """One trace in sentences."""

    def __init__(self, answer: Answer, shown: _Shown, zone: ZoneInfo, prices: PriceBook) -> None:
        self.answer, self.shown, self.zone, self.prices = answer, shown, zone, prices
        self.rows: dict[str, list[dict[str, Any]]] = {
            name: [dict(zip(COLUMNS[name], row, strict=True)) for row in rows]
            for name, rows in answer.tables.items()
        }

    def said(self) -> dict[str, list[str]]:
        return {
            ASKED: self._asked(),
            AMOUNT: self._amount(),
            WHERE: [self._sentence(), *self._ends()],
            WHEN: self._when(),
            SURE: self._sure(),
        }

    def _asked(self) -> list[str]:
        way = "back" if is_backward(self.answer) else "forth"
        start = self.answer.chosen.totals.start
        question = render(f"note.report-question-{way}", amount=btc(start, self.shown.coin))
        outpoints = [one.outpoint for one in self.answer.question.paid_in]
        if len(outpoints) > 1:
            return [f"{question} {render('note.page1-starts', count=len(outpoints))}"]
        txid = outpoints[0].partition(":")[0]
        made = self._made(txid)
        output = short_outpoint(outpoints[0])
        key = "note.page1-start-dated" if made else "note.page1-start"
        return [f"{question} {render(key, output=output, made=made)}"]

    def _made(self, txid: str) -> str:
        """When a transaction was put into a block, in words; empty where that is not shown."""
        moment = self.shown.moment_of(txid)
        return "" if moment is None else self._day(moment, self.shown.height_of(txid), "")

    def _day(self, moment: datetime, height: int | None, hour: str = ", %H:%M") -> str:
        local = moment.astimezone(self.zone)
        day = render_phrase(date_of(local.date())) + local.strftime(hour)
        return day if height is None else render("note.page1-day-block", day=day, height=height)

    def _amount(self) -> list[str]:
        start = self.answer.chosen.totals.start
        amount = btc(start, self.shown.coin)
        said = [render("note.page1-amount", amount=amount, satoshi=grouped(start))]
        txid = self.answer.question.paid_in[0].outpoint.partition(":")[0]
        moment = self.shown.moment_of(txid)
        if moment is None or self.shown.coin != COIN:  # a test network's coins are worth nothing
            return said
        for currency in currencies_of(self.prices)[:2]:
            found = value_at(self.prices, ASSET, moment, currency, Decimal(start) / SAT_PER_BTC)
            if isinstance(found, Valued):
                value = f"{found.shown:,f}".replace(",", "\u202f")
                said.append(
                    render(
                        "note.page1-value", value=value, currency=currency,
                        dated=found.row.dated, source=found.row.source,
                    )
                )  # fmt: skip
        return said

    def _sentence(self) -> str:
        saying = Saying(
            height_of=self.shown.height_of,
            key_of=self.shown.key_of,
            address_of=self.shown.address_of,
            publishers=self.shown.publishers(),
            zone=self.zone,
            coin=self.shown.coin,
        )
        question = self.answer.question.as_dict()
        return " ".join(map(render_phrase, trace_answer(question, self.rows, saying)))

    def _ends(self) -> list[str]:
        """The largest places where coins are or stop, each with its amount and what is known."""
        rows = [(row, str(row["state"])) for row in self.rows["holdings"]]
        rows += [(row, str(row["limit"])) for row in self.rows["left_out"]]
        if len(rows) <= 1:
            return []
        rows.sort(key=lambda one: -int(one[0]["upper_sat"]))
        named = [
            Phrase(
                "note.page1-end",
                {
                    "amount": btc_range(
                        int(row["lower_sat"]), int(row["upper_sat"]), self.shown.coin
                    ),
                    "party": self._party(row),
                    "state": Phrase(f"note.report-end-{state}"),
                },
            )
            for row, state in rows[:MOST_ENDS]
        ]
        if (more := len(rows) - MOST_ENDS) > 0:
            named.append(Phrase("note.page1-ends-more", {"count": more}))
        return [render("note.page1-ends", ends=render_phrase(joined(named)))]

    def _party(self, row: dict[str, Any]) -> str:
        outpoint = str(row["output"] or "")
        named = str(row["address"] or "") or self.shown.key_of(outpoint)
        party = short(named) if named else short_outpoint(outpoint)
        if not party:
            return render("note.report-new-coins")
        number = str(row["labels"] or "").partition(" ")[0]
        if not number:
            return party
        told = self.shown.publishers()[number]
        return render("note.page1-labelled", party=party, said=told)

    def _when(self) -> list[str]:
        dated = sorted(
            (row for row in self.rows["transfers"] if row["block_time"]),
            key=lambda row: str(row["block_time"]),
        )
        if not dated:
            return [render("note.page1-no-date" if self.rows["transfers"] else "note.page1-still")]
        first, last = (self._point(dated[place]) for place in (0, -1))
        key = "note.page1-when-once" if first == last else "note.page1-when"
        return [render(key, first=first, last=last, zone=self.zone.key)]

    def _point(self, row: dict[str, Any]) -> str:
        moment = datetime.fromisoformat(str(row["block_time"]))
        return self._day(moment, self.shown.heights.get(str(row["block_hash"])))

    def _sure(self) -> list[str]:
        answer, blocks = self.answer, len(self.shown.heights)
        placed = {row["txid"] for row in self.rows["transfers"] if row["block_hash"]}
        said = [render("note.page1-proved", count=len(placed), blocks=blocks)] if placed else []
        chosen = policy_name(answer.question.policy)
        reason = _ended(answer.question.policy_reason)
        key = "note.page1-policy-why" if reason else "note.page1-policy"
        said.append(render(key, policy=chosen, reason=reason, count=len(answer.results)))
        if count := len(self.rows["fetch_list"]):
            way = "sources" if is_backward(answer) else "spends"
            said.append(render(f"note.page1-not-{way}", count=count))
        return said
