"""A sample programme for the demonstration, the tests and the benchmark. All of it is invented.

Kasa (XKA) has two rounds: an older one that is closed, and one under way with disputes, law, a road
map, threats, a plan, a board and a release. Bola (XBO) and Cera (XCE) have a round each that lets
its figures be shown. Answers come from a digest of who answers what, so that every build is alike.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from kancil.assessment.answer import Given, Kind
from kancil.assessment.costs import CostLine
from kancil.assessment.library import named_protocol, protocol_names
from kancil.assessment.plan import Choice, Feasibility
from kancil.assessment.protocol import (
    Confidence,
    Indicator,
    Protocol,
    Relation,
    Scale,
    ScaleKind,
)
from kancil.ground.owner import write_for_owner_only
from kancil.ground.workspace import open_workspace
from tools import sample_words
from tools.sample_words import picked

if TYPE_CHECKING:
    from kancil.desk.people.models import Person
    from kancil.evidence.vault import Vault

PEOPLE = {
    "olga": ("Olga Osei", "programme-officer"),
    "lea": ("Lea Lim", "team-lead"),
    "ann": ("Ann Abreu", "assessor"),
    "bo": ("Bo Bakri", "assessor"),
    "rex": ("Rex Ruiz", "reviewer"),
    "fay": ("Fay Fonua", "focal-point"),
    "mia": ("Mia Mehta", "ministry"),
    "don": ("Don Dahl", "donor-reader"),
}
"""User name, name and role of everyone in it; nobody of them exists."""
COUNTRIES = {"XKA": "Kasa", "XBO": "Bola", "XCE": "Cera"}
FIRST, SECOND = "First round", "Second round"
CAPABILITY, LEGAL, RESPONSE, THREAT, STUDY = (
    "capability-2026.2", "legal-2026.2", "response-2026.1", "threat-2026.1", "study-2026.1",
)  # fmt: skip
WORDS = "Invented for practice; says nothing of any country."
_SKIPPED = 12
"""Of a hundred questions, so many are left open by one assessor, and a third of them by both."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What was built: people by user name, and rounds by country and title."""

    people: Mapping[str, Person]
    passwords: Mapping[str, str]
    """One-time passwords of those who were added."""
    rounds: Mapping[tuple[str, str], str]


def build(
    administrator: Person,
    store: Vault,
    *,
    protocols: Sequence[str] | None = None,
    with_study: bool = False,
) -> Sample:
    """Fill an empty programme; `store`: where its files are kept. All in one transaction.

    `protocols`: those that rounds in Kasa use; the packaged ones but the study, if None.
    `with_study`: whether Bola and Cera answer the questionnaire, too.
    """
    from kancil.desk.base.opening import one_change

    with one_change():
        used = protocols or (CAPABILITY, LEGAL, RESPONSE, THREAT)
        return _build(administrator, store, used, (STUDY,) if with_study else ())


def _build(administrator: Person, store: Vault, used: Sequence[str], also: Sequence[str]) -> Sample:
    from kancil.desk.assessment.actions.packaged import add_packaged_protocol
    from kancil.desk.assessment.actions.people import admit_person
    from kancil.desk.assessment.actions.rounds import close_round
    from kancil.desk.assessment.actions.site import add_country
    from kancil.desk.people.queries import Role

    for code, name in COUNTRIES.items():
        add_country(by=administrator, code=code, name=name, region="Practice", is_invented=True)
    people: dict[str, Person] = {"ada": administrator}
    passwords: dict[str, str] = {}
    for username, (name, role) in PEOPLE.items():
        given = {"focal-point": ["XKA"], "ministry": ["XKA"], "donor-reader": ["XKA", "XBO"]}.get(
            role, ()
        )
        people[username], passwords[username] = admit_person(
            by=administrator, username=username, name=name, role=Role(role), countries=given
        )
    for name in protocol_names():
        add_packaged_protocol(by=administrator, name=name)
    rounds: dict[tuple[str, str], str] = {}
    earlier = [name for name in used if name != LEGAL]
    first = _round(people, "XKA", FIRST, (date(2025, 2, 3), date(2025, 4, 30)), earlier, None)
    rounds["XKA", FIRST] = first
    _evidence(people, first, store)
    _answers(people, first, earlier, drift=0)
    _sign_off(people, first)
    close_round(by=people["lea"], round=first)
    second = _round(people, "XKA", SECOND, (date(2026, 3, 2), date(2026, 5, 29)), used, first)
    rounds["XKA", SECOND] = second
    _respondents(people, second)
    _evidence(people, second, store)
    _answers(people, second, used, drift=1)
    if CAPABILITY in used:
        _comments(people, second, store)
    if LEGAL in used:
        _law(people, second)
    if CAPABILITY in used:
        _plan(people, second)
    _board(people)
    for code in ("XBO", "XCE"):
        period = (date(2026, 1, 12), date(2026, 3, 27))
        asked = (*used[:1], *also)
        other = _round(people, code, FIRST, period, asked, None)
        rounds[code, FIRST] = other
        _evidence(people, other, store)
        _answers(people, other, asked, drift=0)
        _release(people, other, asked, store)
    return Sample(people, passwords, rounds)


def _round(
    people: Mapping[str, Person],
    country: str,
    title: str,
    period: tuple[date, date],
    protocols: Sequence[str],
    older: str | None,
) -> str:
    from kancil.desk.assessment.actions.rounds import Member, open_round, set_team
    from kancil.desk.assessment.queries.site import Part

    made = open_round(
        by=people["olga"], country=country, title=title, period_from=period[0],
        period_to=period[1], protocols=protocols, older=older, scope=WORDS,
    )  # fmt: skip
    parts = {"lea": Part.LEAD, "ann": Part.ASSESSOR, "bo": Part.ASSESSOR, "rex": Part.REVIEWER}
    members = [Member(people[name].pk, part) for name, part in parts.items()]
    set_team(by=people["olga"], round=made, members=members)
    return made


def _respondents(people: Mapping[str, Person], round: str) -> None:
    from kancil.desk.assessment.actions.rounds import add_respondent

    for organisation, sector, office in (
        ("Ministry of Justice of Kasa", "policy", "Department of legislation"),
        ("Cybercrime Unit of Kasa", "law_enforcement", ""),
        ("Office of the Prosecutor General", "prosecution_judiciary", "Section for cybercrime"),
        ("Helpline for Children", "prevention", ""),
    ):
        add_respondent(
            by=people["lea"], round=round, organisation=organisation, sector=sector, office=office
        )


def _evidence(people: Mapping[str, Person], round: str, store: Vault) -> None:
    from kancil.desk.assessment.actions.evidence import (
        File,
        add_evidence,
        add_interview,
        withhold_evidence,
    )

    by = people["ann"]
    report = io.BytesIO(f"Yearly report of the unit. {WORDS}".encode())
    add_evidence(
        by=by, round=round, grade="a", kind="document", title="Yearly report of the unit",
        reference="CU/2025/12", dated=date(2025, 1, 20), file=File(store, report, "report.txt"),
    )  # fmt: skip
    add_evidence(
        by=by, round=round, grade="a", kind="data", title="Register of cases opened and closed",
        reference="Prosecutor General, register 7",
    )  # fmt: skip
    kept = add_evidence(
        by=people["bo"], round=round, grade="a", kind="document", title="Budget of the unit",
        reference="Ministry of Finance, letter 114",
    )  # fmt: skip
    withhold_evidence(by=people["bo"], round=round, evidence=kept, reason="Given in confidence")
    add_interview(
        by=by, round=round, grade="c", held_on=date(2026, 3, 12), people_count=2,
        group="Two investigators of the unit", consent="In writing, for this assessment alone",
        notes=sample_words.INTERVIEW,
    )  # fmt: skip


def _sign_off(people: Mapping[str, Person], round: str) -> None:
    from kancil.desk.assessment.actions.comments import sign_off

    sign_off(
        by=people["fay"], round=round, official="The Minister of Justice of Kasa",
        office="Ministry of Justice of Kasa", signed_on=date(2025, 6, 30),
    )  # fmt: skip


def _comments(people: Mapping[str, Person], round: str, store: Vault) -> None:
    """A comment of each kind: one answered, one of the reviewer, one that waits."""
    from kancil.desk.assessment.actions.comments import add_comment, reply, set_term
    from kancil.desk.assessment.actions.evidence import Brought, File

    set_term(by=people["lea"], round=round, due_on=date(2099, 6, 30), note=WORDS)
    first = add_comment(
        by=people["fay"], round=round, protocol=CAPABILITY, indicator="LF01", kind="correction",
        text="The decree of 2019 was replaced in May; the new one names the unit.",
        office="National coordination office of Kasa",
    )  # fmt: skip
    reply(
        by=people["lea"], round=round, comment=first, outcome="noted",
        text="Thank you. We ask for the text of the new decree.",
    )  # fmt: skip
    decree = io.BytesIO(f"Decree on the unit. {WORDS}".encode())
    add_comment(
        by=people["mia"], round=round, protocol=CAPABILITY, indicator="LF01", kind="evidence",
        text="The decree in force.", office="Ministry of Justice of Kasa",
        evidence=Brought(
            "a", "document", "Decree on the cybercrime unit", "Decree 14/2026",
            date(2026, 5, 4), File(store, decree, "decree.txt"),
        ),
    )  # fmt: skip
    add_comment(
        by=people["rex"], round=round, protocol=CAPABILITY, indicator="DN03", kind="comment",
        text="The stage chosen needs a second source.",
    )  # fmt: skip


def _number(*words: str) -> int:
    """A number from 0 to 99 that is the same each time."""
    return int.from_bytes(sha256("/".join(words).encode()).digest()[:4], "big") % 100


def _answers(
    people: Mapping[str, Person], round: str, protocols: Sequence[str], *, drift: int
) -> None:
    from kancil.desk.assessment.actions.answers import agree, dispute, give_answer
    from kancil.desk.assessment.queries.evidence import evidence
    from kancil.desk.assessment.queries.rounds import enter, round_of

    shown = evidence(enter(people["bo"], round))
    rests = [row.item.id for row in shown if row.item.kind in ("document", "data")]
    country = round_of(enter(people["lea"], round)).row.country
    for name in protocols:
        asked = named_protocol(name)
        for each in asked.indicators.values():
            luck = _number(country, each.id, "who")
            given: dict[str, tuple[str, dict[str, str]]] = {}
            for who in ("ann", "bo"):
                if luck < _SKIPPED and (who == "bo" or luck < _SKIPPED // 3):
                    continue
                whole, parts = _given(asked, each, country, who, drift)
                grade = _number(country, each.id, "evidence")
                id = give_answer(
                    by=people[who], round=round, protocol=name, indicator=each.id, given=whole,
                    parts=parts, confidence=_confidence(country, each.id),
                    comment=_comment(each, who) if luck % 7 == 0 else "",
                    evidence=[rests[grade % len(rests)]] if grade < 70 else [],
                )  # fmt: skip
                given[who] = (id, {"whole": str(whole), "parts": str(parts)})
            if len(given) == 2 and given["ann"][1] != given["bo"][1]:
                about = {"round": round, "protocol": name, "indicator": each.id}
                if luck % 3:
                    note = picked(sample_words.AGREED, luck)
                    agree(by=people["lea"], **about, answer=given["ann"][0], note=note)
                else:
                    note = picked(sample_words.DISPUTED, luck)
                    dispute(by=people["bo"], **about, note=note)


def _confidence(country: str, indicator: str) -> Confidence:
    luck = _number(country, indicator, "confidence")
    return Confidence.HIGH if luck < 35 else Confidence.MEDIUM if luck < 80 else Confidence.LOW


def _comment(asked: Indicator, who: str) -> str:
    """What an assessor writes: Ann from papers, Bo from what was seen and heard."""
    bank = sample_words.COMMENTS.get(asked.area, sample_words.OTHER_COMMENTS)
    return picked(bank[:2] if who == "ann" else bank[2:], _number(asked.id, "comment"))


def _given(
    protocol: Protocol, asked: Indicator, country: str, who: str, drift: int
) -> tuple[Given | None, dict[str, Given]]:
    luck = _number(country, asked.id, "kind")
    if asked.scale is not None and luck < 4:
        return Given(Kind.NOT_APPLICABLE, None, picked(sample_words.NOT_APPLICABLE, luck)), {}
    whole = None
    if asked.scale is not None:
        whole = _value(protocol.scales[asked.scale], (country, asked.id), who, drift)
    parts = {
        part.id: _value(protocol.scales[part.scale], (country, asked.id, part.id), who, drift)
        for part in asked.parts
    }
    if whole is not None and asked.article is not None:
        parts = _elements(asked, parts, str(whole.value))
    return whole, parts


_PLANTED = ("uncc.9", "uncc.16")
"""Provisions answered against their own elements, so that it is seen how that is shown."""


def _elements(asked: Indicator, parts: Mapping[str, Given], whole: str) -> dict[str, Given]:
    """Let the elements of a provision fit what it comes to, but for those planted ones.

    An option is used only where an instrument binds by consent, and the country gave it.
    """
    instrument = asked.article.instrument if asked.article else ""
    may_reserve = instrument in ("untoc", "uncac", "opsc")
    found = {}
    for part in asked.parts:
        given = parts[part.id]
        if given.value == "reserved" and not (may_reserve and part.kind == "reservation"):
            given = Given(Kind.VALUE, "partly")
        if asked.id not in _PLANTED and part.kind not in ("exclusion", "reservation"):
            given = Given(Kind.VALUE, _FITTING[whole][str(given.value)])
        elif asked.id in _PLANTED and part.kind in ("conduct", "mental_element"):
            given = Given(Kind.VALUE, "no" if whole in ("2", "3") else "yes")
        found[part.id] = given
    return found


_FITTING = {
    "0": {"yes": "no", "partly": "no", "no": "no", "reserved": "no"},
    "1": {"yes": "yes", "partly": "partly", "no": "no", "reserved": "partly"},
    "2": {"yes": "yes", "partly": "partly", "no": "yes", "reserved": "yes"},
    "3": {"yes": "yes", "partly": "yes", "no": "yes", "reserved": "yes"},
}
"""By what a provision comes to, what an element is answered in the place of what luck gave."""


def _value(scale: Scale, about: tuple[str, ...], who: str, drift: int) -> Given:
    luck = _number(*about, "value")
    differs = who == "bo" and _number(*about, "differs") < 9
    values = [each.value for each in scale.values]
    if scale.kind is ScaleKind.ORDERED:
        place = int(luck / 100 * (len(values) - 1) * 0.85) + (_number(*about, "up") < 30) * drift
        return Given(Kind.VALUE, values[min(place + differs, len(values) - 1)])
    if scale.kind is ScaleKind.CHOICE:
        return Given(Kind.VALUE, values[(luck + differs) % len(values)])
    if scale.kind is ScaleKind.MANY:
        chosen = [
            str(each) for place, each in enumerate(values) if _number(*about, str(place)) < 40
        ]
        return Given(Kind.VALUE, tuple(chosen or [str(values[0])]))
    if scale.kind is ScaleKind.COUNT:
        return Given(Kind.VALUE, luck + drift)
    if scale.kind is ScaleKind.SHARE:
        return Given(Kind.VALUE, f"{luck}.5")
    if scale.kind is ScaleKind.DATE:
        return Given(Kind.VALUE, "2024-07-01")
    return Given(Kind.VALUE, sample_words.TEXTS.get(about[1], sample_words.OTHER_TEXT))


def _law(people: Mapping[str, Person], round: str) -> None:
    from kancil.desk.assessment.actions.legal import (
        Extract,
        Status,
        Step,
        add_extract,
        add_step,
        finish_step,
        set_status,
    )
    from kancil.desk.assessment.queries.site import StepStage

    for article, text in (
        ("4", "Whoever enters a computer system without right, with intent, is punished …"),
        ("7", "Whoever alters data without right and by it causes loss is punished …"),
        ("21", "An investigating judge may order that data be kept for ninety days …"),
    ):
        extract = Extract(
            "Act on Computers of Kasa", "No. 3 of 2019, Gazette 41", article, f"{text} ({WORDS})",
            "en", "Official gazette, printed copy", in_force_on=date(2019, 9, 1),
        )  # fmt: skip
        _rest_on(
            people, round, add_extract(by=people["ann"], country="XKA", extract=extract), article
        )
    _bill(people, round)
    for instrument, consent, signed in (
        ("uncc", "none", date(2025, 10, 25)),
        ("budapest", "none", None),
        ("untoc", "ratified", date(2002, 3, 5)),
        ("uncac", "acceded", None),
        ("opsc", "ratified", date(2001, 9, 6)),
    ):
        status = Status(
            instrument, date(2026, 4, 1), "Letter of the foreign ministry (invented)",
            signed_on=signed, consent=consent,
            consent_on=date(2006, 5, 4) if consent in ("ratified", "acceded") else None,
        )  # fmt: skip
        set_status(by=people["ann"], country="XKA", status=status)
    steps = (
        (StepStage.POLICY, "Ministry of Foreign Affairs", date(2026, 2, 27)),
        (StepStage.BILL, "Ministry of Justice", date(2026, 9, 30)),
        (StepStage.COMMITTEE, "Committee on justice", date(2027, 2, 26)),
        (StepStage.ADOPTION, "Parliament", date(2027, 6, 30)),
        (StepStage.DEPOSIT, "Ministry of Foreign Affairs", None),
    )
    for place, (stage, owner, due) in enumerate(steps):
        step = Step("Ratification of the UN Convention", stage, owner, "uncc", due)
        made = add_step(by=people["lea"], round=round, step=step)
        if place == 0:
            finish_step(by=people["lea"], round=round, id=made, done_on=date(2026, 2, 20))
    for stage, owner, due in (
        (StepStage.BILL, "Ministry of Justice", date(2026, 3, 31)),
        (StepStage.ADOPTION, "Parliament", date(2026, 12, 18)),
        (StepStage.ENTRY_INTO_FORCE, "Gazette", date(2027, 1, 1)),
    ):
        step = Step("Amendment of the Act on Computers", stage, owner, due_on=due)
        add_step(by=people["lea"], round=round, step=step)


def _bill(people: Mapping[str, Person], round: str) -> None:
    """A draft that would close a gap: both answer as the law stands, and cite it."""
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.actions.evidence import use_extract
    from kancil.desk.assessment.actions.legal import Extract, add_extract
    from kancil.desk.assessment.queries.answers import own_latest
    from kancil.desk.assessment.queries.rounds import enter

    bill = Extract(
        "Bill to amend the Act on Computers of Kasa", "Bill 12 of 2026, as introduced", "21A",
        f"A service provider keeps subscriber data for … days … ({WORDS})", "en",
        "Official site of parliament, printed copy", is_bill=True,
    )  # fmt: skip
    added = add_extract(by=people["ann"], country="XKA", extract=bill)
    item = use_extract(by=people["ann"], round=round, extract=added, grade="c")
    for who in ("ann", "bo"):
        own = own_latest(enter(people[who], round), LEGAL, _DRAFTED)
        give_answer(
            by=people[who], round=round, protocol=LEGAL, indicator=_DRAFTED,
            given=Given(Kind.VALUE, 0), parts={}, confidence=Confidence.HIGH, evidence=[item],
            follows=own[-1].id if own else None,
        )  # fmt: skip


_DRAFTED = "budapest.18"
"""The provision that the bill would serve."""
_SERVES = {"4": "budapest.2", "7": "budapest.4", "21": "budapest.16"}
"""By article, a provision that it serves; it serves those that are the same as that one, too."""


def _rest_on(people: Mapping[str, Person], round: str, extract: str, article: str) -> None:
    """Have both assessors answer alike what an article serves, resting on it."""
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.actions.evidence import use_extract
    from kancil.desk.assessment.queries.answers import own_latest
    from kancil.desk.assessment.queries.rounds import enter

    first = named_protocol(LEGAL).indicators[_SERVES[article]]
    same = [each.to for each in first.related if each.relation is Relation.SAME]
    item = use_extract(by=people["ann"], round=round, extract=extract, grade="a")
    for indicator in (first.id, *same):
        for who in ("ann", "bo"):
            own = own_latest(enter(people[who], round), LEGAL, indicator)
            asked = named_protocol(LEGAL).indicators[indicator]
            whole = Given(Kind.VALUE, 2)  # what has a law to cite is in law
            scales = named_protocol(LEGAL).scales
            parts = {
                part.id: _value(scales[part.scale], ("XKA", asked.id, part.id), "ann", 1)
                for part in asked.parts
            }
            parts = _elements(asked, parts, "2")
            give_answer(
                by=people[who], round=round, protocol=LEGAL, indicator=indicator, given=whole,
                parts=parts, confidence=Confidence.HIGH, evidence=[item],
                follows=own[-1].id if own else None,
            )  # fmt: skip


def _plan(people: Mapping[str, Person], round: str) -> None:
    from kancil.desk.assessment.actions.plans import (
        ItemDraft,
        add_due_diligence,
        add_item,
        approve_item,
        set_choice,
        set_target,
    )
    from kancil.desk.assessment.queries.plans import gaps_of
    from kancil.desk.assessment.queries.rounds import enter

    asked = named_protocol(CAPABILITY)
    found = gaps_of(enter(people["lea"], round), CAPABILITY)
    kinds: dict[str, list[str]] = {}
    for gap in found:
        for kind in asked.indicators[gap.indicator].assistance:
            kinds.setdefault(kind, []).append(gap.indicator)
    about = {"round": round, "protocol": CAPABILITY}
    for gap in found[:6]:
        set_target(
            by=people["lea"], **about, indicator=gap.indicator, target=None,
            feasibility=list(Feasibility)[_number(gap.indicator) % len(Feasibility)],
        )  # fmt: skip
    set_choice(by=people["fay"], **about, indicator=found[0].indicator, choice=Choice.FIRST)
    set_choice(
        by=people["fay"], **about, indicator=found[3].indicator, choice=Choice.REJECTED,
        reason="Another partner does this already.",
    )  # fmt: skip
    made: list[str] = []
    for place, (kind, indicators) in enumerate(sorted(kinds.items())[:7]):
        draft = ItemDraft(
            title=asked.assistance[kind].title.in_language("en"), protocol=CAPABILITY,
            indicators=tuple(indicators[:3]), assistance=kind, owner="Cybercrime Unit of Kasa",
            success="Two officers do it alone in a practice case.", partner="Regional network",
            donor="Donor A (invented)" if place % 2 else "", begins_on=date(2026, 9 + place % 3, 1),
            months=3 + place, currency="USD",
            lines=(
                CostLine("Trainers", "day", 75_000, Decimal(10 + 5 * place)),
                CostLine("Travel and rooms", "person", 75_000, Decimal(6 + 5 * place)),
            ),
            output="Twelve officers trained, and a manual in use.",
            outcome="The unit works such cases without help from abroad.",
            impact="People who report cybercrime are answered sooner.",
            depends_on=tuple(made[-1:]) if place % 3 == 2 else (),
            to_security_forces=asked.assistance[kind].intrusive,
            not_forces_reason="It is for ministries, courts and schools alone (invented).",
            cost_basis="Trainers, travel and rooms, at the rates of 2025 (invented)",
        )  # fmt: skip
        made.append(add_item(by=people["lea"], round=round, draft=draft))
        if asked.assistance[kind].intrusive:
            add_due_diligence(
                by=people["olga"], round=round, item=made[-1],
                risk="Powers are used without a judge's order.",
                mitigation="A module on safeguards; a judge teaches it; use is reviewed yearly.",
                decision="proceed-with-conditions", decided_by="Head of programme (invented)",
                review_on=date(2027, 3, 1),
            )  # fmt: skip
    from kancil.desk.assessment.queries.plans import plan_of

    for row in plan_of(enter(people["olga"], round), date(2026, 6, 1)):
        if not row.obstacles and row.id in made[:4]:
            approve_item(by=people["olga"], round=round, item=row.id, today=date(2026, 6, 1))


def _board(people: Mapping[str, Person]) -> None:
    from kancil.desk.assessment.actions.board import BodyDraft, add_body, add_matter, close_matter

    by, country = people["olga"], "XKA"
    for sector, name, office, months, met in (
        ("policy", "National Committee on Cybercrime", "Prime minister's office", 3,
         date(2026, 1, 15)),
        ("diplomacy", "Group on the UN Convention", "Ministry of Foreign Affairs", 6,
         date(2025, 11, 4)),
        ("law_enforcement", "Unit heads and liaison to intelligence", "Police headquarters", 1,
         date(2026, 5, 20)),
        ("prosecution_judiciary", "Prosecutors' and judges' circle", "Prosecutor General", 6, None),
        ("prevention", "Schools, NGOs and faith groups", "Ministry of Education", None, None),
    ):  # fmt: skip
        draft = BodyDraft(
            name=name, sector=sector, responsible=office, mandate="Coordinates and reports.",
            meets_every_months=months, last_met_on=met,
        )  # fmt: skip
        body = add_body(by=by, country=country, draft=draft)
        matter = add_matter(
            by=by, country=country, body=body, title=sample_words.MATTERS[sector][0],
            owner=office, due_on=date(2026, 9, 30),
        )  # fmt: skip
        outcome = sample_words.MATTERS[sector][1]
        if outcome:
            closed_on = date(2026, 1, 15)
            close_matter(
                by=by, country=country, matter=matter, closed_on=closed_on, outcome=outcome
            )


def _release(
    people: Mapping[str, Person], round: str, protocols: Sequence[str], store: Vault
) -> None:
    from kancil.desk.assessment.actions.releases import release_figures

    release_figures(
        by=people["olga"], round=round, official="A. Minister (invented)",
        office="Ministry of Interior", released_on=date(2026, 5, 4), protocols=protocols,
        store=store,
    )  # fmt: skip


def main(folder: Path) -> None:
    """Fill the programme that `init` made in a folder.

    Printed as JSON: `passwords`, one-time, by user name; `round`, the id of Kasa's round under way.
    """
    from kancil.desk.base.opening import open_desk
    from kancil.evidence.vault import Vault

    write_for_owner_only()
    workspace = open_workspace(folder)
    open_desk(workspace)
    from kancil.desk.assessment.queries.site import keepers

    store = Vault(workspace.vault_dir, workspace.incoming_dir)
    made = build(keepers()[0], store, with_study=True)
    printed = {"passwords": dict(made.passwords), "round": made.rounds["XKA", SECOND]}
    sys.stdout.write(json.dumps(printed) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
