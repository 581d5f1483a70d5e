"""The papers of an invented round, with hostile words wherever somebody can write, and secrets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kancil.assessment.answer import Answer, Evidence, Settled
from kancil.assessment.comparing import Side, compare
from kancil.assessment.export import (
    BodySaid,
    MatterSaid,
    MemberSaid,
    OneProtocol,
    Planned,
    RespondentSaid,
    RoundSaid,
    SignatureSaid,
    WholeRound,
)
from kancil.assessment.law.matrix import Extract, InstrumentStatus, make_matrix
from kancil.assessment.law.road import Stage, Step, roads
from kancil.assessment.methods import AREA_PROFILE_1
from kancil.assessment.planning.plan import (
    Choice,
    DueDiligence,
    Item,
    ItemState,
    Wish,
    gaps,
    obstacles,
)
from kancil.assessment.protocol import CriticalRule
from kancil.assessment.protocol_files.library import named_protocol
from kancil.assessment.sensitivity import bounds
from tests.assessment import small
from tests.web.look import start_django

if TYPE_CHECKING:
    from kancil.desk.assessment.queries.papers import RoundPapers

AT = datetime(2026, 6, 30, 20, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Phnom_Penh")
TODAY = date(2026, 7, 1)
"""The day there at that moment."""
HOSTILE = "<script>alert('x')</script> & \"]]>\" #panic(1) =1+1 \u202eabc"
KHMER = "ភស្តុតាងមិនត្រូវបានផ្លាស់ប្តូរ។ ក្រុមស៊ើបអង្កេតនៃប្រទេសមានសមត្ថភាពពេញលេញក្នុងការងារ"
INTERVIEW, WITHHELD, ALONE = "SECRET-interview-title", "SECRET-withheld-title", "SECRET-alone"
ENDED = "ENDED-body"
REASON = "Given in confidence"


def _with(settled: Settled, **more: object) -> Settled:
    """Change what counts of an answer, and the same one among everyone's own."""
    assert settled.answer is not None
    changed: Answer = replace(settled.answer, **more)  # type: ignore[arg-type]  # its fields
    answers = tuple(changed if each.id == changed.id else each for each in settled.answers)
    return replace(settled, answer=changed, answers=answers)


def _settled() -> dict[str, Settled]:
    interview = Evidence("i1", "C", INTERVIEW, "interview", interview="x1")
    kept = Evidence("w1", "A", WITHHELD, "withheld")
    document = Evidence("d1", "A", HOSTILE, "document", sha256="ab" * 32, reference=HOSTILE)
    first = small.agreed("L0", 4)
    alone = small.agreed("L3", 4)
    return small.all_settled(
        _with(first, comment=HOSTILE, evidence=(document, interview, kept)),
        _with(small.agreed("L1", 1), comment=KHMER * 4),
        small.disputed("L2", 1, 4),
        replace(_with(alone, comment=ALONE), outcome=type(alone.outcome).ALONE),
        small.agreed("L4", 3),
        small.agreed("L5", 2),
    )


def one_protocol() -> OneProtocol:
    """A small protocol with answers, a dispute, a cap and an older round."""
    rule = CriticalRule(1, 50, blocks_intrusive=True, until="safeguards")
    indicators = [small.indicator(f"L{n}", "ab"[n % 2], 1 + n / 5) for n in range(8)]
    indicators[1] = replace(indicators[1], critical=True)
    asked = small.protocol(indicators, {"a": 1.2, "b": 2}, critical=rule)
    asked = replace(asked, title=small.text(HOSTILE))
    settled = _settled()
    older = Side(asked, small.all_settled(small.agreed("L0", 2)))
    wishes = {"L1": Wish(Choice.FIRST, HOSTILE), "L7": Wish(Choice.REJECTED, KHMER)}
    return OneProtocol(
        asked,
        settled,
        AREA_PROFILE_1.profile(asked, settled),
        bounds(asked, settled, AREA_PROFILE_1),
        gaps(asked, settled, {}, wishes=wishes),
        compare(older, Side(asked, settled), AREA_PROFILE_1),
    )


def law() -> OneProtocol:
    """A part of the packaged legal protocol with a few answers and a cited law."""
    asked = named_protocol("legal")
    own = ("budapest", "opsc")
    asked = replace(
        asked,
        indicators={name: each for name, each in asked.indicators.items()
                    if each.article and each.article.instrument in own},
        instruments={name: asked.instruments[name] for name in own},
        areas={name: asked.areas[name] for name in own},
    )  # fmt: skip
    cited = Evidence("e1", "a", "Act", "statute", extract="x1")
    settled = small.all_settled(
        *(_with(small.agreed(name, 1, "a"), evidence=(cited,)) for name in [*asked.indicators][:9])
    )
    extract = Extract("x1", HOSTILE, "No. 3", "Article 4", KHMER, "km", HOSTILE, HOSTILE)
    status = InstrumentStatus(
        "budapest", date(2026, 4, 1), HOSTILE, consent="acceded", reservations=KHMER
    )
    matrix = make_matrix(asked, settled, "XAA", {"x1": extract}, [status])
    profile, signed = AREA_PROFILE_1.profile(asked, settled), SignatureSaid(HOSTILE, KHMER, AT)
    return OneProtocol(asked, settled, profile, matrix=matrix, signed=signed)


def whole(long: int = 1) -> WholeRound:
    """All of a round; `long`: how many times its words are repeated."""
    one = one_protocol()
    diligence = DueDiligence(HOSTILE, KHMER * long, "proceed", HOSTILE, "2026-12-01")
    items = [
        Item(f"p{place}", ("L1",), "tools", (), True, state, (), diligence)
        for place, state in enumerate([*ItemState, *[ItemState.PROPOSED] * (8 * long)])
    ]
    plan = [
        Planned(
            each, f"{HOSTILE} {KHMER * long}", HOSTILE * long, HOSTILE, KHMER, date(2026, 9, 1), 3,
            123_456_78, "USD", HOSTILE, KHMER,
            tuple(obstacles(each, items, one.profile, one.protocol, "2026-07-01")), HOSTILE, KHMER,
        )
        for each in items
    ]  # fmt: skip
    steps = [
        Step(f"s{place}", f"{HOSTILE} {place}", Stage.BILL, KHMER * long, date(2026, 1, 1))
        for place in range(3 * long)
    ]
    matters = (MatterSaid(KHMER * long, HOSTILE, date(2026, 5, 1), None, "", True),) * (2 * long)
    body = BodySaid(
        HOSTILE, "policy", KHMER, HOSTILE, 3, date(2026, 1, 1), None, date(2026, 4, 1), True,
        matters,
    )  # fmt: skip
    return WholeRound(
        RoundSaid("r1", "XAA", HOSTILE, date(2026, 1, 1), date(2026, 6, 30), HOSTILE),
        AT,
        "0.1.0",
        [one, law()],
        plan,
        roads(steps, TODAY),
        {"w1": REASON},
        [MemberSaid(HOSTILE, "lead"), MemberSaid(KHMER, "assessor")],
        [RespondentSaid(HOSTILE, "policy", KHMER)],
        [body, replace(body, name=ENDED, ended_on=date(2026, 2, 1))],
    )


def papers(long: int = 1) -> RoundPapers:
    """The papers of the invented round."""
    start_django()
    from kancil.desk.assessment.queries.papers import RoundPapers
    from kancil.desk.assessment.queries.rounds import RoundRow

    row = RoundRow(
        "r1", HOSTILE, "XAA", f"Aland {HOSTILE}", HOSTILE, date(2026, 1, 1), date(2026, 6, 30),
        ("small-2026.1",), "r0", AT, AT, "signed-off",
    )  # fmt: skip
    return RoundPapers(
        whole=whole(long),
        row=row,
        older_title=HOSTILE,
        is_invented=True,
        today=TODAY,
        zone=ZONE,
        packaged=frozenset({"budapest"}),
        withheld=(REASON,),
    )
