"""Answers as somebody types them at a command: words in, what was given out.

A value is written as its scale has it, several of a list with commas between. `nk` is not known,
and `na:` with a reason not applicable; protocols may not have these as values of a scale.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kancil.assessment.answer import Given, Kind, Value
from kancil.assessment.giving import indicator_of
from kancil.assessment.protocol import Protocol, Scale, ScaleKind

NOT_KNOWN = Kind.NOT_KNOWN.value
NOT_APPLICABLE = f"{Kind.NOT_APPLICABLE.value}:"
_WHOLE = re.compile(r"-?[0-9]{1,15}")


def typed_answer(
    protocol: Protocol, indicator: str, value: str | None, parts: Mapping[str, str]
) -> tuple[Given | None, dict[str, Given]]:
    """What was typed for an indicator and its parts; `check_answer` says if it may be given.

    Raises IndicatorNotFound.
    """
    asked = indicator_of(protocol, indicator)
    scales = {part.id: protocol.scales[part.scale] for part in asked.parts}
    whole = protocol.scales[asked.scale] if asked.scale else None
    given = None if value is None else typed(whole, value)
    return given, {name: typed(scales.get(name), text) for name, text in parts.items()}


def typed(scale: Scale | None, text: str) -> Given:
    """One answer; what is none of its scale stays text, for `check_answer` to refuse."""
    text = text.strip()
    if text == NOT_KNOWN:
        return Given(Kind.NOT_KNOWN)
    if text.startswith(NOT_APPLICABLE):
        return Given(Kind.NOT_APPLICABLE, None, text.removeprefix(NOT_APPLICABLE).strip())
    return Given(Kind.VALUE, _value(scale, text))


def _value(scale: Scale | None, text: str) -> Value:
    if scale is None:
        return text
    if scale.kind in (ScaleKind.ORDERED, ScaleKind.COUNT) and _WHOLE.fullmatch(text):
        return int(text)
    if scale.kind is ScaleKind.MANY:
        return tuple(each.strip() for each in text.split(","))
    return text
