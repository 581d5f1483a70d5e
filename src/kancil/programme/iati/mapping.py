"""Facts of a programme as activities of IATI: the programme, its grants, and what is done.

The programme is hierarchy 1, a grant 2, an activity 3. Each amount stands once: what comes in at
the grant, a budget and spending at the activity they belong to, else at the grant. Results stand at
the programme. Why so: docs/decisions/0054.
"""

from __future__ import annotations

import mimetypes
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal

from kancil.ground.words import render_phrase, spoken
from kancil.programme.vocabulary import ActivityState
from kancil.records.described import named

from .activity import (
    AidType,
    Description,
    DocumentLink,
    IatiActivity,
    Marker,
    Moment,
    Narrative,
    Organisation,
    Participating,
    Related,
    Result,
    Share,
    Texts,
    Transaction,
)
from .amounts import budgets, expenditure, value
from .binding import clean
from .codes import STATUS, Code, code_of, significance
from .facts import ActivityFacts, GrantFacts, Paper, Payer, Recipient, Reporter
from .wording import said, told

KIND = "kind-"
"""How the code of the tag begins that says what kind of activity it is."""
PROGRAMME, GRANT = "PROGRAMME", "GRANT-"
_USABLE = re.compile(r"[^/&|?\s]{1,60}")
_SDG_TARGET = re.compile(r"\d{1,2}\.[0-9a-z]{1,2}")


def identifier(reporter: Reporter, code: str) -> str:
    """The identifier of an activity by its code."""
    return f"{reporter.ref}-{code}"


def grant_identifier(reporter: Reporter, reference: str) -> str:
    """The identifier of a grant by its reference."""
    return identifier(reporter, GRANT + reference)


def usable(code: str) -> bool:
    """Whether a code can stand in an identifier (rules 1.3.x of the standard ruleset)."""
    return _USABLE.fullmatch(code) is not None


def left_out(done: ActivityFacts, *, is_practice: bool) -> str:
    """Why an activity cannot be published, as the end of a key; empty: it can."""
    if not usable(done.code) or done.code.startswith((GRANT, PROGRAMME)):
        return "code"
    if not clean(done.title):
        return "title"
    if done.ends < done.begins:
        return "days"
    if not done.payers:
        return "no-funding"
    if not done.recipients and not done.region:
        return "no-country"
    if any(each.is_invented for each in done.recipients) and not is_practice:
        return "invented"
    return ""


# --- shares and organisations ---------------------------------------------------------------------


def shares(recipients: Sequence[Recipient], region: str) -> tuple[list[Share], list[Share]]:
    """Countries and regions in equal parts that sum to exactly 100; an invented one: its region."""
    each = recipients or (Recipient("", region),)
    counts: dict[tuple[bool, Code], int] = defaultdict(int)
    for one in each:
        by_code = Code(one.code, "") if one.code else code_of("regions", one.region)
        counts[(bool(one.code), by_code)] += 1
    hundredth = Decimal("0.01")
    parts = {
        key: (Decimal(100 * count) / len(each)).quantize(hundredth, ROUND_DOWN)
        for key, count in counts.items()
    }
    first = next(iter(parts))
    parts[first] += 100 - sum(parts.values())
    countries = [Share(code=code.code, percentage=n) for (own, code), n in parts.items() if own]
    regions = [
        Share("1", code=code.code, percentage=n) for (own, code), n in parts.items() if not own
    ]
    return countries, regions


def descriptions(reporter: Reporter, text: str, *, is_practice: bool) -> tuple[Description, ...]:
    """The description, and a second one with the keyword, for which there is no code."""
    keyword = said("programme.iati-practice" if is_practice else "programme.iati-keyword")
    if not (own := told(reporter, text)):
        return (Description("1", keyword),)
    return Description("1", own), Description("4", keyword)


def reporting(reporter: Reporter) -> Organisation:
    """The reporting organisation."""
    return Organisation(reporter.ref, reporter.type, names=told(reporter, reporter.name))


def organisation_of(payer: Payer) -> Organisation:
    """A donor, as who provides money."""
    return Organisation(payer.ref, payer.type, names=(Narrative(text=payer.donor),))


def taking_part(reporter: Reporter, payers: Iterable[Payer]) -> tuple[Participating, ...]:
    """Each donor once as funding; the reporter as accountable and implementing."""
    donors = {each.donor: each for each in payers}.values()
    own = told(reporter, reporter.name)
    return (
        *(Participating(each.ref, each.type, "1", names=(Narrative(text=each.donor),))
          for each in donors),
        Participating(reporter.ref, reporter.type, "2", names=own),
        Participating(reporter.ref, reporter.type, "4", names=own),
    )  # fmt: skip


def days(begins: date, ends: date, state: ActivityState, today: date) -> tuple[Moment, ...]:
    """Planned days, and the actual ones of what has begun or is over."""
    found = [Moment(begins, "1"), Moment(ends, "3")]
    runs = state in (ActivityState.CONFIRMED, ActivityState.DONE)
    if runs and begins <= today:
        found.append(Moment(begins, "2"))
        if state is ActivityState.DONE and ends <= today:
            found.append(Moment(ends, "4"))
    return tuple(found)


# --- the three hierarchies ------------------------------------------------------------------------


def _documents(reporter: Reporter, papers: Iterable[Paper]) -> tuple[DocumentLink, ...]:
    if not reporter.documents_at:
        return ()
    return tuple(
        DocumentLink(
            format=mimetypes.guess_type(each.file_name)[0] or "application/octet-stream",
            url=f"{reporter.documents_at.rstrip('/')}/{each.sha256}",
            title=told(reporter, clean(each.title) or each.file_name),
            category=code_of("documents", each.kind.value).code,
            day=each.day,
        )
        for each in papers
    )


def _tag(code: str, words: Texts) -> Marker:
    return Marker(vocabulary="99", code=code, names=words)


def tags(targets: Iterable[str] = ()) -> tuple[Marker, ...]:
    """Targets of the Sustainable Development Goals, and the keyword."""
    sdg = [Marker(vocabulary="3", code=each) for each in targets if _SDG_TARGET.fullmatch(each)]
    return (*sdg, _tag("cybercrime", said("programme.iati-cybercrime")))


def activity_of(
    done: ActivityFacts,
    reporter: Reporter,
    at: datetime,
    today: date,
    *,
    is_practice: bool = False,
) -> IatiActivity:
    """An activity as hierarchy 3; only of one that is not `left_out`."""
    countries, regions = shares(done.recipients, done.region)
    sector = code_of("sectors", "security-forces" if done.to_security_forces else "default")
    level = significance(done.gender_marker)
    status = STATUS[done.state.value]
    if done.state is ActivityState.CONFIRMED and done.begins > today:
        status = "1"
    parents = dict.fromkeys(each.grant for each in done.payers if usable(each.grant))
    kind = _tag(KIND + done.kind.value, (Narrative(spoken(), render_phrase(named(done.kind))),))
    amounts = [each.money for each in done.spent] or [each.money for each in done.budgets]
    return IatiActivity(
        updated=at,
        lang=reporter.language,
        currency=amounts[0].currency if amounts else "USD",
        hierarchy="3",
        identifier=identifier(reporter, done.code),
        reporter=reporting(reporter),
        title=told(reporter, done.title),
        descriptions=descriptions(reporter, done.purpose, is_practice=is_practice),
        participating=taking_part(reporter, done.payers),
        status=status,
        dates=days(done.begins, done.ends, done.state, today),
        scope="4" if len(done.recipients) == 1 else "3" if done.recipients else "2",
        countries=tuple(countries),
        regions=tuple(regions),
        sectors=(Share("1", code=sector.code, percentage=Decimal(100)),),
        tags=(*tags(done.sdg_targets), kind),
        markers=(Marker("1", code="1", significance=level),) if level else (),
        collaboration="1",
        flow_type="10",
        finance_type="110",
        aid_types=(AidType(code_of("aid_types", done.kind.value).code),),
        tied_status="5",
        budgets=budgets(done.budgets, "1" if done.state is ActivityState.PLANNED else "2"),
        transactions=tuple(expenditure(done.spent, today)),
        documents=_documents(reporter, done.papers),
        related=tuple(Related(grant_identifier(reporter, each), "1") for each in parents),
    )


def grant_of(
    given: GrantFacts,
    reporter: Reporter,
    at: datetime,
    today: date,
    children: Iterable[str] = (),
    *,
    is_practice: bool = False,
) -> IatiActivity:
    """A grant as hierarchy 2: what was committed and came in. `children`: identifiers."""
    invented = any(each.is_invented for each in given.recipients)
    recipients = () if invented and not is_practice else given.recipients
    countries, regions = shares(recipients, "")
    over = given.ends < today
    state = ActivityState.DONE if over else ActivityState.CONFIRMED
    provider = organisation_of(given.payer)
    came = [("11", given.begins, given.money)]
    came += [("1", each.day, each.money) for each in given.received]
    incoming = [
        Transaction(type=type, day=day, value=value(money, day), provider=provider)
        for type, day, money in came
        if day <= today and money.minor
    ]
    return _frame(
        reporter, at, "2", grant_identifier(reporter, given.payer.grant), given.title,
        given.earmark, is_practice,
        currency=given.money.currency,
        participating=taking_part(reporter, [given.payer]),
        status="4" if over else "2" if given.begins <= today else "1",
        dates=days(given.begins, given.ends, state, today),
        scope="3" if countries else "1",
        countries=tuple(countries),
        regions=tuple(regions),
        budgets=budgets(given.budgets, "2"),
        transactions=(*incoming, *expenditure(given.spent, today)),
        related=(
            Related(identifier(reporter, PROGRAMME), "1"),
            *(Related(each, "2") for each in children),
        ),
    )  # fmt: skip


def programme_of(
    grants: Sequence[GrantFacts],
    reporter: Reporter,
    at: datetime,
    today: date,
    results: tuple[Result, ...] = (),
    *,
    is_practice: bool = False,
) -> IatiActivity:
    """The whole programme as hierarchy 1, with its results; no money stands here."""
    begins = min((each.begins for each in grants), default=today)
    ends = max((each.ends for each in grants), default=today)
    _, regions = shares((), "")
    return _frame(
        reporter, at, "1", identifier(reporter, PROGRAMME), reporter.title,
        reporter.description, is_practice,
        currency=grants[0].money.currency if grants else "USD",
        participating=taking_part(reporter, [each.payer for each in grants]),
        status="2" if begins <= today else "1",
        dates=days(begins, ends, ActivityState.CONFIRMED, today),
        scope="1",
        regions=tuple(regions),
        related=tuple(
            Related(grant_identifier(reporter, each.payer.grant), "2") for each in grants
        ),
        results=results,
    )  # fmt: skip


def _frame(
    reporter: Reporter,
    at: datetime,
    hierarchy: str,
    name: str,
    title: str,
    text: str,
    is_practice: bool,
    /,
    **more: object,
) -> IatiActivity:
    """What a grant and the programme have in common."""
    return IatiActivity(
        updated=at,
        lang=reporter.language,
        hierarchy=hierarchy,
        identifier=name,
        reporter=reporting(reporter),
        title=told(reporter, title),
        descriptions=descriptions(reporter, text, is_practice=is_practice),
        sectors=(Share("1", code=code_of("sectors", "").code, percentage=Decimal(100)),),
        tags=tags(),
        collaboration="1",
        flow_type="10",
        finance_type="110",
        aid_types=(AidType(code_of("aid_types", "").code),),
        tied_status="5",
        **more,  # type: ignore[arg-type]  # the fields of this very class
    )
