"""Rounds for tests, beside those of the sample: empty ones, and some on the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import STUDY


def empty_round(
    programme: ProgrammeSite,
    protocols: Sequence[str],
    country: str = "XKA",
    title: str = "Empty round",
    period: tuple[date, date] = (date(2026, 9, 1), date(2026, 9, 30)),
) -> str:
    """Open a round with the sample's team, in which nobody has answered."""
    from kancil.desk.assessment.actions.rounds import Member, open_round, set_team
    from kancil.desk.assessment.queries.site import Part

    people = programme.people
    made = open_round(
        by=people["olga"], country=country, title=title, period_from=period[0],
        period_to=period[1], protocols=protocols, older=None, scope="",
    )  # fmt: skip
    parts = {"lea": Part.LEAD, "ann": Part.ASSESSOR, "bo": Part.ASSESSOR}
    team = [Member(people[name].pk, part) for name, part in parts.items()]
    set_team(by=people["olga"], round=made, members=team)
    return made


def study_round(
    programme: ProgrammeSite,
    country: str,
    answers: Mapping[str, object],
    *,
    by: Sequence[str] = ("ann", "bo"),
    title: str = "Study round",
    period: tuple[date, date] = (date(2026, 6, 1), date(2026, 6, 30)),
) -> str:
    """Open a round on the study with these answers, by indicator; a `Given`, or a value."""
    from kancil.assessment.answer import Given, Kind
    from kancil.assessment.protocol import Confidence
    from kancil.assessment.protocol_files.library import named_protocol
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.actions.packaged import add_packaged_protocol
    from kancil.desk.assessment.queries.site import kept_protocols

    if STUDY not in {each.protocol.name for each in kept_protocols()}:
        add_packaged_protocol(by=programme.people["olga"], name=STUDY)
    round = empty_round(programme, [STUDY], country, title, period)
    asked = named_protocol(STUDY)
    for name, value in answers.items():
        given = value if isinstance(value, Given) else Given(Kind.VALUE, value)  # type: ignore[arg-type]
        parts = {part.id: Given(Kind.NOT_KNOWN) for part in asked.indicators[name].parts}
        for person in by:
            give_answer(
                by=programme.people[person], round=round, protocol=STUDY, indicator=name,
                given=given, parts=parts, confidence=Confidence.HIGH, comment="", evidence=[],
            )  # fmt: skip
    return round
