"""Money followed from a reported transfer, and the way between two parties: the tab *Follow*."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from kancil.desk.studies.reported import CaseBook
from kancil.ground.phrase import Param, Phrase
from kancil.ground.units import few
from kancil.ground.words import render as words
from kancil.records.table import Table
from kancil.studies.reported.book import NONE, Book
from kancil.studies.reported.follow import (
    FIFO,
    PROPORTIONAL,
    Followed,
    follow,
    follow_converted,
    followed_table,
    rests_table,
    together,
)
from kancil.studies.reported.paths import find_way, way_table
from kancil.web.cells import Section, asking, note
from kancil.web.forms import WordsForm, choose, text
from kancil.web.studies.result_page import said

from .described import described

_HIDDEN = forms.HiddenInput


class FollowForm(WordsForm):
    """A reported transfer, and which way it is followed."""

    tab = forms.CharField(initial="follow", required=False, widget=_HIDDEN)
    transfer = text(60)
    way = forms.ChoiceField(choices=())
    through = text(200, required=False)
    through_reason = text(500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer both ways."""
        super().__init__(*args, **kwargs)
        choose(self, "way", [(way, words(key)) for way, key in WAYS.items()])


class PathForm(WordsForm):
    """Two parties."""

    tab = forms.CharField(initial="follow", required=False, widget=_HIDDEN)
    party_from = text(200)
    party_to = text(200)
    through = text(200, required=False)
    through_reason = text(500, required=False)


WAYS = {"forward": "web.reported.way-forward", "backward": "web.reported.way-backward"}
_FOLLOWED = {
    "forward": "web.reported.followed-forward", "backward": "web.reported.followed-backward",
}  # fmt: skip

_OF_ACCOUNT = {
    "forward": "web.reported.followed-account-forward",
    "backward": "web.reported.followed-account-backward",
}

_NOTHING = {
    "forward": "web.reported.followed-nothing-forward",
    "backward": "web.reported.followed-nothing-backward",
}


@dataclass(frozen=True)
class _Through:
    """A service through which following goes on, and why."""

    parties: frozenset[int]
    sections: list[Section]


def follow_sections(request: HttpRequest, found: CaseBook) -> tuple[list[Section], list[Table]]:
    """The forms and what they gave; also the tables alone, which may be asked for as files."""
    sections: list[Section] = []
    tables: list[Table] = []
    is_follow, is_path = "transfer" in request.GET, "party_from" in request.GET
    form = FollowForm(request.GET if is_follow else None, initial={"tab": "follow"})
    path = PathForm(request.GET if is_path else None, initial={"tab": "follow"})
    if is_follow and form.is_valid():
        place = found.book.place_named(form.cleaned_data["transfer"])
        if place is None:
            form.add_error("transfer", words("web.reported.no-transfer"))
        else:
            through = _through(found, form)
            if form.is_valid():
                start = found.book.kept_for.get(place, place)
                made, tables = _followed(request, found, [start], form.cleaned_data["way"], through)
                sections += made
    account = found.book.by_id.get(request.GET.get("account", ""))
    if account is not None and not is_follow:
        made, tables = _account(request, found, account, request.GET.get("way", ""))
        sections += made
    if is_path and path.is_valid():
        ends = [party_named(found.book, path, name) for name in ("party_from", "party_to")]
        through = _through(found, path)
        if path.is_valid() and None not in ends:
            made, tables = _way(request, found, ends[0] or 0, ends[1] or 0, through)
            sections += made
    sections.append(asking("web.reported.follow", form, submit="web.reported.follow-do",
                           text="web.reported.follow-how"))  # fmt: skip
    sections.append(asking("web.reported.path", path, submit="web.reported.path-do",
                           text="web.reported.path-text"))  # fmt: skip
    return sections, tables


def party_named(book: Book, form: WordsForm, field: str) -> int | None:
    """The one party that a typed account, address, name or id means, or what is wrong with it."""
    typed = " ".join(form.cleaned_data[field].split())
    if typed in book.by_id:
        return book.by_id[typed]
    plain = "".join(character for character in typed if character.isalnum()).casefold()
    found = [
        number for number, party in enumerate(book.parties)
        if typed in (party.value, book.names[number], book.name_of(number))
        or (plain and plain == "".join(filter(str.isalnum, party.value)).casefold())
    ]  # fmt: skip
    if len(found) != 1:
        key = "web.reported.party-several" if found else "web.reported.party-none"
        form.add_error(field, words(key, count=len(found)))
        return None
    return found[0]


def _through(found: CaseBook, form: WordsForm) -> _Through:
    """The service through which one goes on; it needs a reason, which is shown with the answer."""
    if not form.cleaned_data["through"]:
        return _Through(frozenset(), [])
    party = party_named(found.book, form, "through")
    reason = form.cleaned_data["through_reason"].strip()
    if party is None:
        return _Through(frozenset(), [])
    if not reason:
        form.add_error("through_reason", words("web.reported.through-why"))
    name = found.book.name_of(party)
    said_so = note("warn", "web.reported.through-note", party=name, reason=reason)
    return _Through(frozenset({party}), [said_so])


def _account(
    request: HttpRequest, found: CaseBook, account: int, way: str
) -> tuple[list[Section], list[Table]]:
    """All that came to an account followed forward, or all that left it followed backward."""
    way = way if way in WAYS else "forward"
    ends = found.book.rows.payee if way == "forward" else found.book.rows.payer
    starts = [place for place in found.book.order
              if ends[place] == account and place not in found.aside]  # fmt: skip
    if not starts:
        return [note("info", _NOTHING[way],
                     account=found.book.name_of(account))], []  # fmt: skip
    return _followed(request, found, starts, way, _Through(frozenset(), []), account)


def _followed(
    request: HttpRequest, found: CaseBook, starts: list[int], way: str, through: _Through,
    account: int | None = None,
) -> tuple[list[Section], list[Table]]:  # fmt: skip
    """`account`: whose transfers `starts` all are; None for a single one."""
    book = found.book
    answers: list[Followed] = []
    after: list[list[Followed]] = []
    for convention in (FIFO, PROPORTIONAL):
        sinks = found.sinks - through.parties
        opening = found.balances.opening
        if way == "backward":
            answers.append(
                follow(book, starts, convention=convention, way="backward", sinks=sinks,
                       aside=found.aside, opening=opening)
            )  # fmt: skip
            continue
        steps = follow_converted(
            book, starts, found.conversions, convention=convention, sinks=sinks,
            aside=found.aside, opening=opening,
        )  # fmt: skip
        answers.append(together(steps, book))
        after.append(steps[1:])
    fifo, proportional = answers
    tables = [followed_table(book, fifo, proportional), rests_table(book, fifo, proportional)]
    texts = _answer(book, starts, account, way, fifo, proportional)
    reached = fifo.amounts.keys() | proportional.amounts.keys()
    used = [pair for pair in found.conversions if pair[0] in reached and after]
    texts[1:1] = [_converted(book, pair, fifo, proportional) for pair in used]
    sections = [said(texts), *through.sections]
    for table in tables:
        sections += described(request, table)
    return sections, tables


def _converted(book: Book, pair: tuple[int, int], fifo: Followed, other: Followed) -> Phrase:
    """A conversion that an officer confirmed, and how much of it is followed on."""
    came, went = pair
    asset = book.rows.asset[went]
    amounts = sorted(each.amounts.get(went, 0) for each in (fifo, other))
    is_one = amounts[0] == amounts[1]
    key = "web.reported.followed-converted-one" if is_one else "web.reported.followed-converted"
    return Phrase(key, {
        "came": book.place_of(came), "went": book.place_of(went),
        "least": book.said_amount(asset, amounts[0]), "most": book.said_amount(asset, amounts[1]),
    })  # fmt: skip


def _answer(
    book: Book, starts: list[int], account: int | None, way: str, fifo: Followed,
    proportional: Followed,
) -> list[Phrase]:  # fmt: skip
    rows = book.rows
    sums: dict[int, int] = {}
    for place in starts:
        asset = rows.asset[place]
        sums[asset] = sums.get(asset, 0) + rows.amount[place]
    reached = set(fifo.amounts) | set(proportional.amounts)
    params: dict[str, Param] = {
        "amount": few([book.said_amount(*each) for each in sums.items()], 4),
        "place": book.place_of(starts[0]),
        "rows": len(reached) - len(starts),
        "parties": len({rows.payee[place] for place in reached} - {NONE}),
    }
    texts = [Phrase(_FOLLOWED[way], params)]
    if account is not None:
        params |= {"account": book.name_of(account), "count": len(starts)}
        texts = [Phrase(_OF_ACCOUNT[way], params)]
    for party, of in sorted(fifo.stops.keys() | proportional.stops.keys()):
        amounts = sorted(each.stops.get((party, of), 0) for each in (fifo, proportional))
        stop: dict[str, Param] = {
            "party": book.name_of(party),
            "least": book.said_amount(of, amounts[0]),
            "most": book.said_amount(of, amounts[1]),
        }
        is_one = amounts[0] == amounts[1]
        key = "web.reported.followed-stop" if is_one else "web.reported.followed-stop-range"
        texts.append(Phrase(key, stop))
    texts += _other_assets(book, reached, sums.keys())
    return [*texts, Phrase("web.reported.conventions")]


def _other_assets(book: Book, reached: set[int], assets: Collection[int]) -> list[Phrase]:
    """Where another asset leaves an account that was reached: following does not change assets."""
    rows = book.rows
    since = {rows.payee[place]: rows.at[place] for place in sorted(
        reached, key=lambda each: -rows.at[each])}  # fmt: skip
    found: dict[tuple[int, int], int] = {}
    for place in book.order:
        payer = rows.payer[place]
        is_other = rows.asset[place] not in assets and place not in reached
        if is_other and payer in since and rows.at[place] >= since[payer]:
            found.setdefault((payer, rows.asset[place]), place)
    return [
        Phrase("web.reported.followed-asset", {
            "party": book.name_of(party), "asset": book.assets[other].symbol,
            "place": book.place_of(place),
        })
        for (party, other), place in list(found.items())[:3]
    ]  # fmt: skip


def _way(
    request: HttpRequest, found: CaseBook, begin: int, end: int, through: _Through
) -> tuple[list[Section], list[Table]]:
    book = found.book
    way = find_way(book, begin, end, through=through.parties, sinks=found.sinks,
                   aside=found.aside)  # fmt: skip
    params: dict[str, Param] = {"begin": book.name_of(begin), "end": book.name_of(end),
                                "steps": len(way.places)}  # fmt: skip
    if not way.places:
        key = "web.reported.path-cut" if way.is_cut else "web.reported.path-none"
        return [said([Phrase(key, params)]), *through.sections], []
    table = way_table(book, way)
    first, last = way.places[0], way.places[-1]
    params |= {"since": book.day_of(first), "until": book.day_of(last)}
    texts = [Phrase("web.reported.path-found", params), Phrase("web.reported.path-limit")]
    return [said(texts), *through.sections, *described(request, table)], [table]
