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
from pathlib import Path
from typing import TYPE_CHECKING

from kancil.assessment.answer import Given, Kind
from kancil.assessment.planning.costs import CostLine
from kancil.assessment.planning.plan import Choice, Feasibility
from kancil.assessment.protocol import (
    Confidence,
    Relation,
)
from kancil.assessment.protocol_files.library import named_protocol, protocol_names
from kancil.ground.owner import write_for_owner_only
from kancil.ground.workspace import open_workspace
from tools import sample_words
from tools.sample_answers import answers, elements, number, value

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
    "fin": ("Fina Flores", "finance"),
}
"""User name, name and role of everyone in it; nobody of them exists."""
COUNTRIES = {"XKA": "Kasa", "XBO": "Bola", "XCE": "Cera"}
FIRST, SECOND = "First round", "Second round"
CAPABILITY, LEGAL, RESPONSE, THREAT, STUDY = (
    "capability-2026.2", "legal-2026.4", "response-2026.1", "threat-2026.1", "study-2026.1",
)  # fmt: skip
WORDS = "Invented for practice; says nothing of any country."


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
    answers(people, first, earlier, drift=0)
    _sign_off(people, first)
    close_round(by=people["lea"], round=first)
    second = _round(people, "XKA", SECOND, (date(2026, 3, 2), date(2026, 5, 29)), used, first)
    rounds["XKA", SECOND] = second
    _respondents(people, second)
    _evidence(people, second, store)
    answers(people, second, used, drift=1)
    if CAPABILITY in used:
        _comments(people, second, store)
    if LEGAL in used:
        _law(people, second)
    if CAPABILITY in used:
        _plan(people, second)
    _board(people)
    if CAPABILITY in used:
        _texts(people, second)
    for code in ("XBO", "XCE"):
        period = (date(2026, 1, 12), date(2026, 3, 27))
        asked = (*used[:1], *also)
        other = _round(people, code, FIRST, period, asked, None)
        rounds[code, FIRST] = other
        _evidence(people, other, store)
        answers(people, other, asked, drift=0)
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


def _law(people: Mapping[str, Person], round: str) -> None:
    from kancil.assessment.law.matrix import InstrumentStatus
    from kancil.desk.assessment.actions.legal import (
        Extract,
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
        status = InstrumentStatus(
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
    item = use_extract(by=people["ann"], round=round, extract=added, grade="a")
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
                part.id: value(scales[part.scale], ("XKA", asked.id, part.id), "ann", 1)
                for part in asked.parts
            }
            parts = elements(asked, parts, "2")
            give_answer(
                by=people[who], round=round, protocol=LEGAL, indicator=indicator, given=whole,
                parts=parts, confidence=Confidence.HIGH, evidence=[item],
                follows=own[-1].id if own else None,
            )  # fmt: skip


def _plan(people: Mapping[str, Person], round: str) -> None:
    from kancil.desk.assessment.actions.plans import (
        ItemDraft,
        add_item,
        approve_item,
        set_choice,
        set_target,
    )
    from kancil.desk.assessment.queries.plans import shortfall_of
    from kancil.desk.assessment.queries.rounds import enter

    asked = named_protocol(CAPABILITY)
    found = shortfall_of(enter(people["lea"], round), CAPABILITY).gaps
    kinds: dict[str, list[str]] = {}
    for gap in found:
        for kind in asked.indicators[gap.indicator].assistance:
            kinds.setdefault(kind, []).append(gap.indicator)
    about = {"round": round, "protocol": CAPABILITY}
    for gap in found[:6]:
        set_target(
            by=people["lea"], **about, indicator=gap.indicator, target=None,
            feasibility=list(Feasibility)[number(gap.indicator) % len(Feasibility)],
        )  # fmt: skip
    set_choice(by=people["fay"], **about, indicator=found[0].indicator, choice=Choice.FIRST)
    set_choice(
        by=people["fay"], **about, indicator=found[3].indicator, choice=Choice.REJECTED,
        reason="Another partner does this already.",
    )  # fmt: skip
    made: list[str] = []
    for place, (kind, indicators) in enumerate(sorted(kinds.items())[:7]):
        title, owner, output, outcome = sample_words.PLAN[kind]
        draft = ItemDraft(
            title=title, protocol=CAPABILITY,
            indicators=tuple(indicators[:3]), assistance=kind, owner=owner,
            success="Two officers do it alone in a practice case.", partner="Regional network",
            donor="Donor A (invented)" if place % 2 else "", begins_on=date(2026, 9 + place % 3, 1),
            months=3 + place, currency="USD",
            lines=(
                CostLine("Trainers", "day", 75_000, Decimal(10 + 5 * place)),
                CostLine("Travel and rooms", "person", 75_000, Decimal(6 + 5 * place)),
            ),
            output=output, outcome=outcome, language="en",
            impact="People who report cybercrime are answered sooner.",
            depends_on=tuple(made[-1:]) if place % 3 == 2 else (),
            to_security_forces=asked.assistance[kind].intrusive,
            not_forces_reason="It is for ministries, courts and schools alone (invented).",
            cost_basis="Trainers, travel and rooms, at the rates of 2025 (invented)",
        )  # fmt: skip
        made.append(add_item(by=people["lea"], round=round, draft=draft))
        if asked.assistance[kind].intrusive:
            _diligence(people, round, made[-1])
    from kancil.desk.assessment.queries.plans import plan_of

    for row in plan_of(enter(people["olga"], round), date(2026, 6, 1)):
        if not row.obstacles and row.id in made[:4]:
            approve_item(by=people["olga"], round=round, item=row.id, today=date(2026, 6, 1))


def _diligence(people: Mapping[str, Person], round: str, item: str) -> None:
    from kancil.desk.assessment.actions.plans import add_due_diligence

    add_due_diligence(
        by=people["olga"], round=round, item=item, risk="Powers are used without a judge's order.",
        mitigation="A module on safeguards; a judge teaches it; use is reviewed yearly.",
        decision="proceed-with-conditions", decided_by="Head of programme (invented)",
        review_on=date(2027, 3, 1),
    )  # fmt: skip


def _board(people: Mapping[str, Person]) -> None:
    from kancil.desk.assessment.actions.board import BodyInput, add_body, add_matter, close_matter

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
        given = BodyInput(
            name=name, sector=sector, responsible=office, mandate="Coordinates and reports.",
            meets_every_months=months, last_met_on=met,
        )  # fmt: skip
        body = add_body(by=by, country=country, given=given)
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


_BRIEF = {
    "audience": "the Minister of Justice",
    "headline": "Kasa has begun to trace virtual assets. Its law has few safeguards, and its police"
                " unit is thinly staffed.",
    "situation": "Since the first round many answers moved up and none moved down. The law has"
                 " general words where safeguards are needed, so help with intrusive tools waits."
                 " Reports of abuse from abroad are worked, but without rules on what comes first."
                 " A law on safeguards and posts for the unit would change most of this.",
    "strengths": "Investigators trace virtual assets with a tested tool and a written method.\n"
                 "Kasa is connected to the international image database and always uses it.\n"
                 "Laboratories of the region share costly equipment under agreed rules.",
}  # fmt: skip
_FINDINGS = {
    "lf": "Powers over data rest on general words; independent authorisation is written nowhere.",
    "gv": "Ministries meet, but statistics and human rights are left to each of them.",
    "le": "The unit has no posts of its own and no training path; its officers change each year.",
    "pj": "Prosecutors for cybercrime form a network; judges decide without a rule on integrity.",
    "df": "Written procedures exist and are followed unevenly; nobody knows the backlog.",
    "oc": "Reports from abroad are worked, and children are supported in some regions only.",
    "cf": "Tracing works; providers of virtual assets are neither licensed nor supervised.",
    "xc": "Requests are tracked on paper, and grounds for refusal are not written down.",
    "pr": "Single events reach schools; no campaign is aimed at the groups that are hit most.",
    "ts": "Police alone know what organised fraud does; nobody estimates its size.",
    "sm": "Evidence from social media is saved soundly; the rules for speaking there are missing.",
    "rf": "Equipment is shared by rule, and examiners begin to take common tests.",
}


def _texts(people: Mapping[str, Person], round: str) -> None:
    """Let the team write its report, but for two areas, so that it is seen what is counted then."""
    from kancil.desk.assessment.actions.narratives import write_text

    def write(who: str, section: str, kind: str, text: str) -> None:
        write_text(by=people[who], round=round, section=section, kind=kind, text=text, follows=None)

    for section, said in _BRIEF.items():
        write("lea", section, "narrative", said)
    for area, said in _FINDINGS.items():
        write("lea", f"area/{CAPABILITY}/{area}", "finding", said)
    law = f"area/{CAPABILITY}/lf"
    write("lea", law, "narrative", "The Act on Computers of 2019 makes attacks on systems a crime."
          " It says nothing of who may order that data be kept, for how long, or who looks at it"
          " afterwards. Each judge writes conditions of their own into an order.")  # fmt: skip
    write("lea", law, "recommendation", "Put independent authorisation, necessity and"
          " proportionality, limits in time, remedy and oversight into the amendment that is"
          " before parliament; have the judges' circle read the draft first.")  # fmt: skip


def _release(
    people: Mapping[str, Person], round: str, protocols: Sequence[str], store: Vault
) -> None:
    from kancil.desk.assessment.actions.releases import release_figures

    release_figures(
        consent="Letter 12 (invented)",
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
    from kancil.desk.base.opening import one_change
    from tools.sample_delivery import add_year

    made = build(keepers()[0], store, with_study=True)
    with one_change():
        add_year(made.people, store, made.rounds["XKA", SECOND])
    printed = {"passwords": dict(made.passwords), "round": made.rounds["XKA", SECOND]}
    sys.stdout.write(json.dumps(printed) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
