"""The facts of a freeze letter: what came to one keeper, when, by whose word, and its proof.

From keepers that were chosen; to the items, the sentences and the findings of a draft. A keeper
reads of its own accounts alone: who else was met is nobody's business there. Each payment needs an
accepted finding before its letter leaves: of a trace's row, or that a table reports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from zoneinfo import ZoneInfo

from kancil.bitcoin.script.selectors import TXID
from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import render
from kancil.legal.request import Item, Sought, Standing
from kancil.records.finding import Finding, FindingClass
from kancil.studies.reported.book import HOLDER, NAME, Book

from .keeper import Arrival, Met

_UTC = ZoneInfo("UTC")
MOST_TOLD = 12
"""Payments that have a sentence of their own; the items name all."""
REPORTED_PAYMENT = "reported-payment"
"""Code of the finding that a table reports a payment."""
Signed = Mapping[tuple[str, str], int]
"""Id of a trace (empty: any) and what a finding is about (`Arrival.about`) → its number."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a victim complains of having paid: no name, but where the exhibit has it."""

    place: str
    reported_by: str
    day: str
    amount: str
    reference: str


@dataclass(frozen=True, slots=True)
class FreezeFacts:
    """What a draft takes from the money."""

    items: tuple[Item, ...]
    texts: Mapping[str, str]
    """`facts`, `victim_report` and `link_to_offence`, in the letter's language."""
    findings: tuple[str, ...]
    """`F3`."""


def freeze_facts(
    chosen: Sequence[Met],
    signed: Signed,
    complaints: Sequence[Complaint] = (),
    language: str | None = None,
    zone: ZoneInfo = _UTC,
) -> FreezeFacts:
    """The facts about accounts and addresses that were chosen, all for one letter.

    `zone`: of times whose table states none, and of those that blocks state.
    """
    pairs = [(met, arrival) for met in chosen for arrival in met.arrivals]
    numbers = (finding_of(arrival, signed) for _, arrival in pairs)
    is_proved = any(arrival.outpoint for _, arrival in pairs)
    texts = {
        "facts": _facts(chosen, zone),
        "victim_report": _report(complaints),
        "link_to_offence": [Phrase(f"study.keeper-link-{'traced' if is_proved else 'reported'}")],
    }
    return FreezeFacts(
        tuple(_item(met, arrival, signed, language, zone) for met, arrival in pairs),
        {
            name: " ".join(render(each.key, language, **each.params) for each in said)
            for name, said in texts.items()
        },
        tuple(dict.fromkeys(f"F{number}" for number in numbers if number is not None)),
    )


def finding_of(arrival: Arrival, signed: Signed) -> int | None:
    """The accepted finding that covers a payment."""
    return signed.get((arrival.source, arrival.about), signed.get(("", arrival.about)))


def uncovered(met: Iterable[Met], signed: Signed) -> list[Arrival]:
    """Payments that no accepted finding covers: sign these before the letter leaves."""
    return [each for one in met for each in one.arrivals if finding_of(each, signed) is None]


def reported_finding(met: Met, arrival: Arrival) -> Finding:
    """That a table reports a payment: its publisher's allegation, and proved by nothing in it."""
    params: dict[str, Param] = {
        "account": met.identifier,
        "amount_decimal": met.amount_text(arrival.whole),
        "asset": _asset(met),
        "exhibit_sha256": arrival.source,
        "publisher": arrival.reported_by,
        "row": str(arrival.row),
        "source": arrival.place,
        "when": arrival.said_when,
    }
    return Finding(FindingClass.ATTRIBUTION, REPORTED_PAYMENT, params)


def complaints_told(book: Book, places: Iterable[int]) -> list[Complaint]:
    """Complaints by the places of the payments that they are about."""
    about = set(places)
    noted = book.texts["notes"]
    found = []
    for place in book.order:
        if "complaint" not in (noted[place] or "").split():
            continue
        if book.kept_for.get(place, place) not in about:
            continue
        rows = book.rows
        found.append(
            Complaint(
                book.place_of(place),
                book.tables[rows.table[place]].publisher,
                book.day_of(place),
                book.said_amount(rows.asset[place], rows.amount[place]),
                book.texts["reference"][place] or "",
            )
        )
    return found


# --- items ----------------------------------------------------------------------------------------


def _item(met: Met, arrival: Arrival, signed: Signed, language: str | None, zone: ZoneInfo) -> Item:
    selector, value = _named(met, arrival)
    number, said = finding_of(arrival, signed), _link(met, arrival, value)
    return Item(
        Sought.HOLD, selector, value, met.keeper.name,
        amount=met.amount_text(arrival.most), asset=_asset(met),
        at=_written(arrival, zone), txid=arrival.txid, standing=Standing(arrival.standing),
        proof="; ".join([*([] if number is None else [f"F{number}"]), arrival.short_place]),
        reported_by=arrival.reported_by,
        link=render(said.key, language, **said.params),
    )  # fmt: skip


def _written(arrival: Arrival, zone: ZoneInfo) -> str:
    """The time as ISO 8601 with the offset of its zone, `Z` for UTC; or the day."""
    at = arrival.local(zone)
    if at is None or not at.utcoffset():
        return arrival.when.partition(" ")[0]
    return at.isoformat(timespec="seconds")


def _named(met: Met, arrival: Arrival) -> tuple[str, str]:
    """The identifier by which the keeper finds the account: the address paid before a name."""
    if arrival.address and met.identifier_kind in (NAME, HOLDER):
        return arrival.address_kind, arrival.address
    if met.identifier_kind == HOLDER:
        return NAME, arrival.reference or arrival.txid or met.identifier
    if met.identifier == arrival.outpoint:
        return TXID, arrival.txid
    return met.identifier_kind, met.identifier


def _asset(met: Met) -> str:
    return f"{met.asset} ({met.chain})" if met.chain not in ("", "bitcoin") else met.asset


# --- sentences ------------------------------------------------------------------------------------


def _report(complaints: Sequence[Complaint]) -> list[Phrase]:
    said = [
        Phrase("study.keeper-complaint", {
            "publisher": each.reported_by, "amount": each.amount, "day": each.day,
            "reference": each.reference or Phrase("note.not-stated"), "place": each.place,
        })
        for each in complaints[:MOST_TOLD]
    ]  # fmt: skip
    left = len(complaints) - len(said)
    return [*said, Phrase("study.keeper-complaints-more", {"count": left})] if left else said


def _facts(chosen: Sequence[Met], zone: ZoneInfo) -> list[Phrase]:
    """Each account with whose word its keeper is, and each payment to it."""
    said: list[Phrase] = []
    room = MOST_TOLD
    for met in chosen:
        said += [_sentence(met, arrival, zone) for arrival in met.arrivals[: max(0, room)]]
        room -= len(met.arrivals)
        said.append(whose_word(met))
    if room < 0:
        said.append(Phrase("study.keeper-payments-more", {"count": -room}))
    return said


def _sentence(met: Met, arrival: Arrival, zone: ZoneInfo) -> Phrase:
    """What was paid, when, to what, and how much of it is of the money followed."""
    told: dict[str, Param] = {
        "amount": met.said_amount(arrival.whole),
        "held": _held(met, arrival),
        "when": arrival.local_when(zone) or Phrase("note.not-stated"),
        "publisher": arrival.reported_by,
        "details": _details(arrival),
    }
    paid = Phrase(f"study.keeper-paid-{arrival.standing}", told)
    if arrival.least == arrival.most == arrival.whole:
        return paid
    amounts = {met.said_amount(each) for each in (arrival.least, arrival.most)}
    part: dict[str, Param] = {
        "paid": paid, "least": met.said_amount(arrival.least),
        "most": met.said_amount(arrival.most),
    }  # fmt: skip
    of = "part" if len(amounts) == 1 else "range"
    return Phrase(f"study.keeper-{of}-{arrival.standing}", part)


def _held(met: Met, arrival: Arrival) -> Phrase:
    """The account or address, with the address that was paid where the account has a name."""
    told: dict[str, Param] = {
        "kind": Phrase(f"name.party-{met.identifier_kind}"),
        "identifier": met.identifier,
        "address": arrival.address,
    }
    is_both = arrival.address and arrival.address != met.identifier
    return Phrase("study.keeper-held-address" if is_both else "study.keeper-held", told)


def _link(met: Met, arrival: Arrival, value: str) -> Phrase:
    """By what else its keeper finds it: the account's name, addresses before it, the reference."""
    account = met.identifier if value != met.identifier else ""
    return _listed(account=account, through=_through(arrival), reference=arrival.reference) or (
        whose_word(met)
    )


def _details(arrival: Arrival) -> Phrase | str:
    """Transaction, addresses before it, reference, and where it stands."""
    found = _listed(
        transaction=arrival.txid, through=_through(arrival), reference=arrival.reference,
        place=arrival.short_place,
    )  # fmt: skip
    return found or ""


def _through(arrival: Arrival) -> str:
    return ", ".join(arrival.through[:MOST_TOLD])


def _listed(**values: str) -> Phrase | None:
    """What is known of these, one after another."""
    parts = [Phrase(f"study.keeper-detail-{name}", {"value": value})
             for name, value in values.items() if value]  # fmt: skip
    return reduce(_with_comma, parts) if parts else None


def _with_comma(one: Phrase, more: Phrase) -> Phrase:
    return Phrase("study.list-comma", {"first": one, "more": more})


def whose_word(met: Met) -> Phrase:
    """Who says that this keeper has it, and how sure that is."""
    keeper = met.keeper
    told: dict[str, Param] = {
        "keeper": keeper.name or Phrase("study.keeper-unnamed"),
        "publisher": keeper.said_by,
        "identifier": met.identifier,
        "asset": met.asset,
        "contract": met.contract,
    }
    return Phrase(f"study.keeper-word-{keeper.how}", told)
