"""What may be given as an answer: a value of the question's scale, or a reason why there is none.

Asked wherever answers come from: pages, forms from other tools, colleagues' files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kancil.assessment.answer import Given, Kind, Value
from kancil.assessment.errors import AnswerNotOnScale, IndicatorNotFound
from kancil.assessment.protocol import Indicator, Protocol, Scale, ScaleKind
from kancil.ground.canonical import MAX_SAFE_INTEGER
from kancil.ground.phrase import Phrase
from kancil.records.errors import FieldNotUsable, ReasonMissing

MOST_TEXT = 20_000
"""Characters of an answer in words."""
MOST_REASON = 2_000
_SHARE = re.compile(r"(?:100(?:\.0{1,4})?|[0-9]{1,2}(?:\.[0-9]{1,4})?)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check_answer(
    protocol: Protocol, indicator: str, given: Given | None, parts: Mapping[str, Given]
) -> tuple[Given | None, dict[str, Given]]:
    """An answer in the form in which it is kept, if the protocol asks for such a one.

    Raises IndicatorNotFound, AnswerNotOnScale, ReasonMissing (not applicable without), and
    FieldNotUsable where nothing is answered or a text is too long.
    """
    asked = indicator_of(protocol, indicator)
    known = {part.id: part for part in asked.parts}
    for name in parts:
        if name not in known:
            raise IndicatorNotFound(name=f"{indicator}.{name[:60]}", protocol=protocol.name)
    if given is not None and asked.scale is None:
        raise AnswerNotOnScale(name=indicator, scale="-")
    if given is None and not parts:
        raise FieldNotUsable(field=Phrase("field.given"), why=Phrase("why.value-blank"))
    whole = None
    if given is not None and asked.scale is not None:
        whole = _checked(indicator, protocol.scales[asked.scale], given)
    return whole, {
        part.id: _checked(f"{indicator}.{part.id}", protocol.scales[part.scale], parts[part.id])
        for part in asked.parts
        if part.id in parts
    }


def indicator_of(protocol: Protocol, name: str) -> Indicator:
    """Find an indicator; raises IndicatorNotFound."""
    found = protocol.indicators.get(name)
    if found is None:
        raise IndicatorNotFound(name=name[:80], protocol=protocol.name)
    return found


def _checked(name: str, scale: Scale, given: Given) -> Given:
    reason = given.reason.strip()
    if len(reason) > MOST_REASON:
        raise FieldNotUsable(
            field=Phrase("field.reason"),
            why=Phrase("why.value-too-long", {"most": MOST_REASON}),
        )
    if given.kind is Kind.NOT_APPLICABLE and not reason:
        raise ReasonMissing(thing=Phrase("thing.reason-not-applicable"))
    if given.kind is not Kind.VALUE:
        if given.value is not None:
            raise AnswerNotOnScale(name=name, scale=scale.id)
        return replace(given, reason=reason)
    value = None if given.value is None else _on_scale(scale, given.value)
    if value is None:
        raise AnswerNotOnScale(name=name, scale=scale.id)
    return Given(Kind.VALUE, value, reason)


def _on_scale(scale: Scale, value: Any) -> Value | None:
    """A value as it is kept; None where it is none of the scale's."""
    if isinstance(value, bool):
        return None
    listed = [each.value for each in scale.values]
    if scale.kind in (ScaleKind.ORDERED, ScaleKind.CHOICE):
        same = [each for each in listed if type(each) is type(value) and each == value]
        return same[0] if same else None
    if scale.kind is ScaleKind.MANY:
        chosen = value if isinstance(value, list | tuple) else ()
        is_whole = bool(chosen) and len(set(chosen)) == len(chosen) and set(chosen) <= set(listed)
        return tuple(str(each) for each in listed if each in chosen) if is_whole else None
    if scale.kind is ScaleKind.COUNT:
        return value if isinstance(value, int) and 0 <= value <= MAX_SAFE_INTEGER else None
    if scale.kind is ScaleKind.SHARE:
        text = str(value) if isinstance(value, int) else value
        return text if isinstance(text, str) and _SHARE.fullmatch(text) else None
    if not isinstance(value, str):
        return None
    return _day(value) if scale.kind is ScaleKind.DATE else _words(value)


def _day(text: str) -> str | None:
    if _DAY.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _words(text: str) -> str | None:
    text = text.strip()
    return text if 0 < len(text) <= MOST_TEXT else None
