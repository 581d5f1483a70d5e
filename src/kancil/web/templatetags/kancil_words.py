"""Words, amounts, times and identifiers in templates, written as everywhere else in Kancil.

Its values come from views: data as they are, `Phrase`s, integers, aware times. What is `None` is
written as *unknown* in the reader's language, never as `None` and never as nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django import template
from django.utils import timezone

from kancil.ground import clock, units, words
from kancil.ground.errors import TimeNotReadable
from kancil.ground.phrase import Param, Phrase
from kancil.web.parts import Place

register = template.Library()

_HEAD, _TAIL = 8, 8
"""How many characters of a long identifier are shown before and after the gap."""


@register.simple_tag
def say(key: str, **params: Param) -> str:
    """Put a key and its parameters into words, in the spoken language; escaped by the engine."""
    said = words.render(str(key), **{name: _plain(value) for name, value in params.items()})
    return words.visible(said)


@register.simple_tag
def spoken() -> str:
    """Give the spoken language, for `<html lang>`."""
    return words.spoken()


@register.filter(name="words")
def in_words(value: object) -> str:
    """Put a phrase into words; data stay as they are, but what steers them unseen is shown."""
    if isinstance(value, Phrase):
        return words.visible(words.render(value.key, **value.params))
    return _unknown() if value is None else words.visible(str(value))


@register.filter
def here(rail: Sequence[Place] | str | None) -> str:
    """Name the line of the rail at which the reader is; "Menu" where it is none of them."""
    current = [place.name for place in rail or () if isinstance(place, Place) and place.current]
    return in_words(current[0] if current else Phrase("web.menu"))


@register.filter
def btc(value_sat: int | None) -> str:
    """Write satoshi as bitcoin, eight decimals, thousands grouped."""
    return _unknown() if value_sat is None else units.btc_text(int(value_sat))


@register.filter
def sat(value_sat: int | None) -> str:
    """Write satoshi, or any whole number, with its thousands grouped."""
    return _unknown() if value_sat is None else units.grouped(int(value_sat))


@register.filter(name="bytes")
def size(size_bytes: int | None) -> str:
    """Write a size for people: `68.9 kB`."""
    return _unknown() if size_bytes is None else units.bytes_text(int(size_bytes))


@register.filter
def iso(moment: datetime | str | None) -> str:
    """Write a time as `2026-11-24 18:31:30 UTC`; raises TimeNotReadable for one without a zone."""
    if moment is None:
        return _unknown()
    return f"{_seconds(_aware(moment).astimezone(UTC))} UTC"


@register.filter
def local(moment: datetime | str | None) -> str:
    """Write a time in the active zone, which is the unit's: `2026-11-25 01:31:30 UTC+07:00`."""
    if moment is None:
        return _unknown()
    there = _aware(moment).astimezone(timezone.get_current_timezone())
    offset = there.strftime("%z")
    return f"{_seconds(there)} UTC{offset[:3]}:{offset[3:5]}"


@register.filter
def instant(moment: datetime | str) -> str:
    """Write a time for machines, as in the ledger, for `<time datetime>`."""
    return clock.to_text(_aware(moment))


@register.filter
def short_id(identifier: str) -> str:
    """Shorten an identifier for reading, `41f366c2…03f8dad1`; the whole one stands beside it."""
    text = str(identifier)
    return text if len(text) <= _HEAD + _TAIL + 2 else f"{text[:_HEAD]}…{text[-_TAIL:]}"


@register.filter
def at(row: Sequence[object], place: int) -> object:
    """Give what stands at a place of a row, `None` past its end: the column of a cell."""
    return row[place] if place < len(row) else None


def _aware(moment: datetime | str) -> datetime:
    """Read a time that is aware, or text as the ledger writes it; raises TimeNotReadable."""
    if isinstance(moment, str):
        return clock.from_text(moment)
    if moment.tzinfo is None:
        raise TimeNotReadable(text=moment.isoformat())
    return moment


def _seconds(moment: datetime) -> str:
    return moment.replace(microsecond=0, tzinfo=None).isoformat(" ")


def _plain(value: object) -> Param:
    """Give a value as a parameter of a sentence: `Phrase`s and whole numbers stay what they are."""
    return value if isinstance(value, Phrase | int | str) else in_words(value)


def _unknown() -> str:
    return words.render("web.unknown")
