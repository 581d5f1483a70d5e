"""What assessors of the sample programme answer: alike in every build, and seldom the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from kancil.assessment.answer import Given, Kind
from kancil.assessment.protocol import Confidence, Indicator, Protocol, Scale, ScaleKind
from kancil.assessment.protocol_files.library import named_protocol
from tools import sample_words
from tools.sample_words import picked

if TYPE_CHECKING:
    from kancil.desk.people.models import Person

_SKIPPED = 12
"""Of a hundred questions, so many are left open by one assessor, and a third of them by both."""


def number(*words: str) -> int:
    """A number from 0 to 99 that is the same each time."""
    return int.from_bytes(sha256("/".join(words).encode()).digest()[:4], "big") % 100


def answers(
    people: Mapping[str, Person], round: str, protocols: Sequence[str], *, drift: int
) -> None:
    """Let both assessors answer a round, and agree or record where they differ.

    `drift`: 1 in a later round, in which some answers have moved up.
    """
    from kancil.desk.assessment.actions.answers import agree, dispute, give_answer
    from kancil.desk.assessment.queries.evidence import evidence
    from kancil.desk.assessment.queries.rounds import enter, round_of

    shown = evidence(enter(people["bo"], round))
    rests = [row.item.id for row in shown if row.item.kind in ("document", "data")]
    country = round_of(enter(people["lea"], round)).row.country
    for name in protocols:
        asked = named_protocol(name)
        for each in asked.indicators.values():
            luck = number(country, each.id, "who")
            given: dict[str, tuple[str, dict[str, str]]] = {}
            for who in ("ann", "bo"):
                if luck < _SKIPPED and (who == "bo" or luck < _SKIPPED // 3):
                    continue
                whole, parts = _given(asked, each, country, who, drift)
                grade = number(country, each.id, "evidence")
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
                    note = picked(sample_words.AGREED, number(each.id, "note"))
                    agree(by=people["lea"], **about, answer=given["ann"][0], note=note)
                else:
                    note = picked(sample_words.DISPUTED, number(each.id, "note"))
                    dispute(by=people["bo"], **about, note=note)


def _confidence(country: str, indicator: str) -> Confidence:
    luck = number(country, indicator, "confidence")
    return Confidence.HIGH if luck < 35 else Confidence.MEDIUM if luck < 80 else Confidence.LOW


def _comment(asked: Indicator, who: str) -> str:
    """What an assessor writes: Ann from papers, Bo from what was seen and heard."""
    bank = sample_words.COMMENTS.get(asked.area, sample_words.OTHER_COMMENTS)
    return picked(bank[:2] if who == "ann" else bank[2:], number(asked.id, "comment"))


def _given(
    protocol: Protocol, asked: Indicator, country: str, who: str, drift: int
) -> tuple[Given | None, dict[str, Given]]:
    luck = number(country, asked.id, "kind")
    if asked.scale is not None and luck < 4:
        return Given(Kind.NOT_APPLICABLE, None, picked(sample_words.NOT_APPLICABLE, luck)), {}
    whole = None
    if asked.scale is not None:
        whole = value(protocol.scales[asked.scale], (country, asked.id), who, drift)
    parts = {
        part.id: value(protocol.scales[part.scale], (country, asked.id, part.id), who, drift)
        for part in asked.parts
    }
    if whole is not None and asked.article is not None:
        parts = elements(asked, parts, str(whole.value))
    return whole, parts


_PLANTED = ("uncc.9", "uncc.16")
"""Provisions answered against their own elements, so that it is seen how that is shown."""


def elements(asked: Indicator, parts: Mapping[str, Given], whole: str) -> dict[str, Given]:
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


def value(scale: Scale, about: tuple[str, ...], who: str, drift: int) -> Given:
    """A value of a scale for a question or a part; `about`: country, question, part."""
    luck = number(*about, "value")
    differs = who == "bo" and number(*about, "differs") < 9
    values = [each.value for each in scale.values]
    if scale.kind is ScaleKind.ORDERED:
        place = int(luck / 100 * (len(values) - 1) * 0.85) + (number(*about, "up") < 30) * drift
        return Given(Kind.VALUE, values[min(place + differs, len(values) - 1)])
    if scale.kind is ScaleKind.CHOICE:
        return Given(Kind.VALUE, values[(luck + differs) % len(values)])
    if scale.kind is ScaleKind.MANY:
        chosen = [str(each) for place, each in enumerate(values) if number(*about, str(place)) < 40]
        return Given(Kind.VALUE, tuple(chosen or [str(values[0])]))
    if scale.kind is ScaleKind.COUNT:
        return Given(Kind.VALUE, luck + drift)
    if scale.kind is ScaleKind.SHARE:
        return Given(Kind.VALUE, f"{luck}.5")
    if scale.kind is ScaleKind.DATE:
        return Given(Kind.VALUE, "2024-07-01")
    return Given(Kind.VALUE, sample_words.TEXTS.get(about[1], sample_words.OTHER_TEXT))
