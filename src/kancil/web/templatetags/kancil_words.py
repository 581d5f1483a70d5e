"""Words, amounts, times and identifiers in templates, written as everywhere else in Kancil.

Its values come from views: data as they are, `Phrase`s, integers, aware times. What is `None` is
written as *unknown* in the reader's language, never as `None` and never as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kancil.ground import clock, units, words
from kancil.ground.errors import TimeNotReadable
from kancil.ground.phrase import Param, Phrase
from kancil.web.parts import Choice, Done, Marked, Place, Several, Tick, Told

register = template.Library()

_HEAD, _TAIL = 8, 8
"""How many characters of a long identifier are shown before and after the gap."""


@register.simple_tag
def say(key: str, **params: Param) -> str:
    """Put a key and its parameters into words, in the spoken language; escaped by the engine."""
    return words.shown(Phrase(str(key), {name: _plain(value) for name, value in params.items()}))


@register.simple_tag
def spoken() -> str:
    """The spoken language, for `<html lang>`."""
    return words.spoken()


@register.simple_tag
def direction() -> str:
    """Which way the spoken language is written, for `<html dir>`."""
    return words.direction()


@register.filter(name="words")
def in_words(value: object) -> str:
    """Put a phrase into words; data stay as they are, but what steers them unseen is shown."""
    if isinstance(value, Phrase):
        return words.shown(value)
    return _unknown() if value is None else words.in_own_direction(words.visible(str(value)))


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


# --- parts: what a page has by the hundred; a template within a template takes ten times as long


@register.simple_tag
def part_tag(kind: str, text: object) -> SafeString:
    """Show a word with a shape and a colour."""
    return format_html('<span class="tag {}">{}</span>', kind, in_words(text))


@register.simple_tag
def part_when(moment: datetime | None, *, one: bool = False) -> SafeString:
    """Show a time in the active zone, and in UTC beside it."""
    if moment is None:
        return part_tag("unknown", None)
    return format_html(
        '<span class="when{}"><time datetime="{}">{}</time> <small>{}</small></span>',
        " one" if one else "", instant(moment), local(moment), iso(moment),
    )  # fmt: skip


@register.simple_tag
def part_minute(moment: datetime | None) -> SafeString:
    """Show a time to the minute in the active zone, with the whole of it in UTC behind."""
    if moment is None:
        return part_tag("unknown", None)
    there = _aware(moment).astimezone(timezone.get_current_timezone())
    return format_html(
        '<time class="num" datetime="{}" title="{}">{}</time>',
        instant(moment), iso(moment), f"{there:%Y-%m-%d %H:%M}",
    )  # fmt: skip


@register.simple_tag
def part_amount(value_sat: int | None, *, one: bool = False) -> SafeString:
    """Show bitcoin, and satoshi beside it."""
    if value_sat is None:
        return part_tag("unknown", None)
    return format_html(
        '<span class="amount{}"><span class="num"><b>{}</b> BTC</span>'
        ' <small class="num">{} sat</small></span>',
        " one" if one else "", btc(value_sat), sat(value_sat),
    )  # fmt: skip


@register.simple_tag
def part_identifier(identifier: str | None, url: str = "", *, short: bool = False) -> SafeString:
    """Show an identifier: mono, breakable, to be copied whole."""
    if not identifier:
        return part_tag("unknown", None)
    text = short_id(identifier) if short else words.visible(identifier)
    title = format_html(' title="{}"', identifier) if short else ""
    if url:
        shown = format_html(
            '<a class="id" href="{}"{} data-copied-by-key="{}">{}</a>', url, title, identifier, text
        )
    else:
        shown = format_html('<span class="id"{}>{}</span>', title, text)
    return format_html(
        '<span class="identifier">{}<button class="copier" type="button" data-copy="{}"'
        ' aria-label="{}" aria-keyshortcuts="c">'
        '<span class="icon i-copy" aria-hidden="true"></span></button></span>',
        shown, identifier, say("web.copy", what=identifier),
    )  # fmt: skip


@register.simple_tag
def part_worth(answers: Sequence[Told]) -> SafeString:
    """Show what an amount was worth, a line for each currency, with source and date."""
    return format_html_join(
        "",
        '<span class="amount worth{}"><span>{}</span>{}</span>',
        (
            (
                "" if answer.is_known else " quiet",
                in_words(answer.value),
                format_html(" <small>{}</small>", in_words(answer.about)) if answer.about else "",
            )
            for answer in answers
        ),
    )


def part_link(url: str, text: Phrase | str, *, is_act: bool = False) -> SafeString:
    """Show a link; one of the house's own words is never broken inside a word."""
    sort = "btn" if is_act else "own" if isinstance(text, Phrase) else ""
    named = format_html(' class="{}"', sort) if sort else ""
    if isinstance(text, Phrase):
        return format_html('<a{} href="{}">{}</a>', named, url, in_words(text))
    return format_html(
        '<a{} dir="{}" href="{}">{}</a>', named, _way(text), url, words.visible(text)
    )


def _way(text: str, way: str = "auto") -> str:
    """Which way data are written: by their first letter, else as named; a span as the page is."""
    return words.direction() if words.is_span(text) else way


def part_several(cell: Several) -> SafeString:
    """Show several cells, one under the other."""
    lines = format_html_join("", "<li>{}</li>", ((shown_cell(each),) for each in cell.cells))
    return format_html('<ul class="several">{}</ul>', lines)


def part_marked(cell: Marked) -> SafeString:
    """Show text with the words that were found in it marked."""
    pieces = (("mark" if place % 2 else "span", each) for place, each in enumerate(cell.pieces))
    shown = ((tag, words.visible(each), tag) for tag, each in pieces if each)
    return format_html('<span dir="auto">{}</span>', format_html_join("", "<{}>{}</{}>", shown))


def part_done(cell: Done) -> SafeString:
    """Show how far something is: its numbers, and a bar that says no more than they do."""
    said = say("web.done", count=sat(cell.count), of=sat(cell.of))
    return format_html(
        '<span class="done-bar"><span class="num">{}</span>'
        '<progress value="{}" max="{}" aria-hidden="true"></progress></span>',
        said, cell.count, max(cell.of, 1),
    )  # fmt: skip


def part_tick(cell: Tick) -> SafeString:
    """Show a check box; its label is for whoever does not see in which row it stands."""
    return format_html(
        '<label class="pick"><input type="checkbox" name="{}" value="{}"{}>'
        '<span class="away">{}</span></label>',
        cell.name,
        cell.value,
        mark_safe(" checked" if cell.is_on else ""),  # noqa: S308  # two fixed words
        in_words(cell.label),
    )


def part_choice(cell: Choice) -> SafeString:
    """Show one of several, to be chosen."""
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, mark_safe(" selected" if value == cell.chosen else ""), in_words(name))  # noqa: S308  # two fixed words
            for value, name in cell.options
        ),
    )
    return format_html(
        '<span class="choose"><select name="{}" aria-label="{}">{}</select></span>',
        cell.name,
        in_words(cell.label),
        options,
    )


_LEFT, _RIGHT = mark_safe(""), mark_safe(' class="r"')
_WHOLE = re.compile(r"[A-Z0-9-]{2,14}|[0-9][0-9 –-]{9,23}")
"""Codes, days, and from one day to another: never broken at their dashes."""
_PARTS: dict[str, Callable[[Any], SafeString]] = {
    "identifier": lambda cell: part_identifier(cell.id, cell.url, short=cell.short),
    "amount": lambda cell: part_amount(cell.sat, one=cell.one),
    "when": lambda cell: part_when(cell.moment, one=cell.one),
    "minute": lambda cell: part_minute(cell.moment),
    "tag": lambda cell: part_tag(cell.kind, cell.text),
    "link": lambda cell: part_link(cell.url, cell.text, is_act=cell.is_act),
    "worth": lambda cell: part_worth(cell.answers),
    "number": lambda cell: format_html('<span class="num">{}</span>', sat(cell.number)),
    "several": part_several,
    "done": part_done,
    "marked": part_marked,
    "tick": part_tick,
    "choice": part_choice,
}


@register.simple_tag
def shown_cell(cell: object) -> SafeString:
    """Show a cell of a table, or a fact."""
    part = _PARTS.get(getattr(cell, "part", ""))
    if part is not None:
        return part(cell)
    if isinstance(cell, str) and _WHOLE.fullmatch(cell):
        return format_html('<span class="num" dir="{}">{}</span>', _way(cell, "ltr"), cell)
    if isinstance(cell, str):
        return format_html('<span dir="{}">{}</span>', _way(cell), words.visible(cell))
    return format_html("<span>{}</span>", in_words(cell))


@register.simple_tag
def shown_rows(columns: Sequence[Any], rows: Sequence[Sequence[object]]) -> SafeString:
    """Show the rows of a table; each cell says its column's name, for narrow screens."""
    heads = [
        format_html('<td role="cell" data-label="{}"{}>', in_words(name), right)
        for name, right in map(_head, columns)
    ]
    plain = mark_safe('<td role="cell" data-label="">')
    lines: list[str] = []
    for row in rows:
        lines.append('<tr role="row">')
        for place, cell in enumerate(row):
            lines += (heads[place] if place < len(heads) else plain, shown_cell(cell), "</td>")
        lines.append("</tr>")
    return mark_safe("".join(lines))  # noqa: S308 (each piece is escaped above)


def _head(column: Any) -> tuple[object, SafeString]:
    """A column's name, and what stands it to the right."""
    is_dict = isinstance(column, dict)
    name = column["name"] if is_dict else column.name
    right = column.get("right") if is_dict else column.right
    return name, _RIGHT if right else _LEFT


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
    """A value as a parameter of a sentence: `Phrase`s and whole numbers stay what they are."""
    return value if isinstance(value, Phrase | int | str) else in_words(value)


def _unknown() -> str:
    return words.render("web.unknown")
