"""Home of the programme's site: what waits for me, my rounds, my countries, what was released."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.assessment.access import may_keep_site, may_open_round
from kancil.desk.assessment.queries.countries import CountryRow, countries
from kancil.desk.assessment.queries.releases import ReleaseRow, released_to
from kancil.desk.assessment.queries.rounds import RoundRow, rounds
from kancil.desk.assessment.queries.site import accounts, kept_protocols
from kancil.desk.assessment.queries.waiting import (
    RoundPlace,
    Work,
    changed_answers,
    proposed_items,
    work_of,
)
from kancil.desk.base.opening import day_of
from kancil.desk.people.queries import Person, Role
from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.words import spoken
from kancil.web.acting import today
from kancil.web.cells import (
    Section,
    button,
    empty,
    facts,
    fold,
    link,
    note,
    number,
    rows_left,
    show,
    table,
    tag,
)
from kancil.web.parts import Cell, Done
from kancil.web.programme_page import ADMINISTRATORS, EVERYONE, KEEPERS, page
from kancil.web.signed_in import person_of

_MOST = 10
"""How many rounds, countries and releases stand on Home; all of them are pages of their own."""


Own = Callable[[Person], list[Section]]
DESK: list[Own] = []
"""What rooms above this one show first on Home: each adds its own, and none is imported here."""


@page("", "home", may=EVERYONE, menu="site", order=0)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, my rounds, my countries, and what was released."""
    person = person_of(request)
    mine, there = rounds(person), countries(person)
    sections = [each for own in DESK for each in own(person)]
    sections += [*_first_steps(person, mine, there), *_waiting(person), *_rounds(mine)]
    sections += _released(released_to(person), person)
    sections += _countries(there, is_folded=bool(sections))
    if person.role in ADMINISTRATORS:
        sections[:0] = [_site(person, there), note("info", "web.home.rounds-not-shown")]
    elif person.role in KEEPERS:
        sections.append(_site(person, there))
    if not sections:
        key = "web.home.nothing-released" if _is_reader(person) else "web.home.nothing-yet"
        sections.append(empty(key))
    title = Phrase("web.home.title", {"name": person.name})
    return show(request, title, sections, buttons=_buttons(person, mine, there))


def _is_reader(person: Person) -> bool:
    return person.role == Role.DONOR_READER


def _buttons(
    person: Person, mine: list[RoundRow], there: list[CountryRow]
) -> list[dict[str, object]]:
    if may_open_round(person) and mine and there:
        return [button(reverse("round_new"), "web.round.new")]
    return []


def _first_steps(person: Person, mine: list[RoundRow], there: list[CountryRow]) -> list[Section]:
    """What to do first on a site that has no round yet, to those who can do it."""
    if mine or not may_keep_site(person):
        return []
    is_officer = may_open_round(person)
    kept, known = bool(kept_protocols()), len(accounts(person)) > 1
    if not is_officer and kept and known and there:
        return []
    steps: list[tuple[str, str, bool]] = [
        ("countries", reverse("countries"), bool(there)),
        ("protocols", reverse("protocols"), kept),
        ("person_new", reverse("person_new"), known),
    ]
    if is_officer:
        steps.append(("round_new", reverse("round_new"), False))
    return [
        {
            "kind": "steps",
            "heading": Phrase("web.home.first-steps"),
            "rows": [
                {
                    "url": url,
                    "name": Phrase(f"web.home-first.{name.replace('_', '-')}"),
                    "text": Phrase(
                        f"web.home-first.{name.replace('_', '-')}-{'done' if done else 'text'}"
                    ),
                }
                for name, url, done in steps
            ],
        }
    ]


def _waiting(person: Person) -> list[Section]:
    """The sections of what waits in rounds: questions, disputes, items of plans."""
    work = work_of(person)
    found = [*_owed(work), *_disputed(work), *_changed(person)]
    if work.left_out:
        found.append(note("info", "web.home.older-rounds", count=work.left_out))
    return [*found, *_proposed(person)]


def _owed(work: Work) -> list[Section]:
    rows: list[tuple[Cell, ...]] = []
    for each in work.owed:
        if not each.missing:
            continue
        first = {"round": each.round.id, "protocol": each.protocol, "indicator": each.missing[0]}
        rows.append(
            (
                _round_link(each.round),
                each.title.in_language(spoken()),
                Done(each.given, each.owed),
                number(len(each.missing)),
                link(reverse("question", kwargs=first), Phrase("web.home.answer-next")),
            )
        )
    if rows:
        columns = ("round", "protocol", "own-progress", "owed>", "next")
        return [table("web.home.owed", columns, rows)]
    if work.owed:
        return [note("intact", "web.home.nothing-owed")]
    return []


def _disputed(work: Work) -> list[Section]:
    rows: list[tuple[Cell, ...]] = []
    for each in work.disputed:
        there = reverse("disputes", kwargs={"round": each.round.id})
        rows.append(
            (
                _round_link(each.round),
                each.title.in_language(spoken()),
                number(len(each.indicators)),
                link(there, Phrase("web.home.settle")),
            )
        )
    if not rows:
        return []
    return [table("web.home.disputes", ("round", "protocol", "disputed>", "next"), rows)]


def _changed(person: Person) -> list[Section]:
    """Answers that were carried over and whose source has changed since."""
    found, count = changed_answers(person)
    if not found:
        return []
    rows: list[tuple[Cell, ...]] = []
    for each in found:
        about = each.change
        there = reverse("question", args=[about.round, about.protocol, about.indicator])
        told = {"name": each.source, "day": day_of(about.at).isoformat()}
        rows.append(
            (_round_link(each.round), link(there, each.name), Phrase("web.carry.changed", told))
        )
    one = table("web.carry.changed-answers", ("round", "carry-to", "carry-look-again"), rows)
    return [one, *rows_left(len(found), count)]


def _proposed(person: Person) -> list[Section]:
    rows: list[tuple[Cell, ...]] = []
    for each in proposed_items(person):
        there = reverse("plan", kwargs={"round": each.round.id})
        look = link(there, Phrase("web.home.to-plan"))
        rows.append((_round_link(each.round), number(each.count), look))
    if not rows:
        return []
    # The country rejects an item, and says what it wants; an officer alone approves one.
    key = "proposed" if person.role == Role.PROGRAMME_OFFICER else "proposed-country"
    return [table(f"web.home.{key}", ("round", "proposed>", "next"), rows)]


def _round_link(round: RoundPlace) -> Cell:
    title = Phrase("web.round.in-country", {"country": round.country_name, "title": round.title})
    return link(reverse("round", kwargs={"round": round.id}), title)


def _rounds(mine: list[RoundRow]) -> list[Section]:
    if not mine:
        return []
    first = sorted(mine, key=lambda row: row.closed_at is not None)[:_MOST]
    one = {**round_table(first), "heading": Phrase("web.home.rounds")}
    if len(mine) > _MOST:
        one["more"] = {"url": reverse("rounds"), "text": Phrase("web.home.all-rounds")}
    return [one]


def _countries(there: list[CountryRow], *, is_folded: bool) -> list[Section]:
    if not there:
        return []
    one = {**country_table(there[:_MOST]), "heading": Phrase("web.home.countries")}
    if len(there) > _MOST:
        one["more"] = {"url": reverse("countries"), "text": Phrase("web.home.all-countries")}
    return [fold(one, len(there)) if is_folded else one]


def _released(found: list[ReleaseRow], person: Person) -> list[Section]:
    if not found:
        return [empty("web.home.nothing-released")] if _is_reader(person) else []
    one = {**release_table(found[:_MOST]), "heading": Phrase("web.home.released")}
    if not _is_reader(person):
        one = fold(one, len(found))
    return [one, *rows_left(min(len(found), _MOST), len(found))]


def _site(person: Person, there: list[CountryRow]) -> Section:
    """Count what the site has, for those who keep it."""
    known = accounts(person)
    ended = sum(not each.is_active for each in known)
    said: list[tuple[str, Cell]] = [
        (
            "accounts",
            link(
                reverse("people"),
                Phrase("web.home.accounts", {"count": len(known) - ended, "ended": ended}),
            ),
        ),
        ("countries", link(reverse("countries"), str(len(there)))),
        ("protocols", link(reverse("protocols"), str(len(kept_protocols())))),
        ("record", link(reverse("record"), Phrase("web.home.read-record"))),
    ]
    return facts("web.home.site", said)


def round_table(rows: list[RoundRow], *, of_one_country: bool = False) -> Section:
    """Show rounds in a table."""
    shown: list[tuple[Cell, ...]] = [
        (
            link(reverse("round", kwargs={"round": row.id}), row.title),
            *(() if of_one_country else (row.country_name,)),
            span(row.period_from, row.period_to),
            round_state(row),
        )
        for row in rows
    ]
    columns: tuple[str, ...] = ("round", "period", "state")
    if not of_one_country:
        columns = ("round", "country", "period", "state")
    return table("web.room.rounds", columns, shown)


def round_state(row: RoundRow) -> Cell:
    """Show whether a round is under way, late, or closed and how."""
    if row.closed_at is not None:
        return tag("sealed", f"web.round.closed{row.closed_as and '-as-'}{row.closed_as}")
    if row.period_to < today():
        return tag("warn", "web.round.period-over")
    return tag("now", "web.round.open")


def country_table(rows: list[CountryRow]) -> Section:
    """Show countries in a table."""
    return table(
        "web.room.countries",
        ("country", "code", "region"),
        [
            (
                link(reverse("country", kwargs={"country": row.code}), row.name),
                row.code,
                region(row),
            )
            for row in rows
        ],
    )


def region(row: CountryRow) -> Cell:
    """Name the region of a country; one that is invented says so."""
    return tag("plain", "web.country.invented") if row.is_invented else row.region


def release_table(rows: list[ReleaseRow]) -> Section:
    """Show released documents in a table: what, of which round, and who released it."""
    shown: list[tuple[Cell, ...]] = []
    for row in rows:
        name = Phrase(f"web.release-document-{row.document}")
        there = reverse("released_file", kwargs={"country": row.country, "release": row.id})
        shown.append(
            (
                link(there, name),
                row.country_name,
                f"{row.title}, {span(row.period_from, row.period_to)}",
                f"{row.official}, {row.office}",
                row.released_on.isoformat(),
            )
        )
    columns = ("document", "country", "round", "released-by", "released-on")
    return table("web.home.released", columns, shown)
