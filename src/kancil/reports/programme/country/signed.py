"""Whether the country signed off what a paper prints, and what changed since, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from kancil.assessment.narrative import area_of, item_of
from kancil.assessment.protocol import Protocol
from kancil.assessment.voice import ChangeSaid, ClosedAs, Covered, SignOffSaid
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import is_translated, render

from .saying import plain

_OF_ITEM = {
    "title": "name.paper-col-item", "owner": "name.book-owner", "output": "name.book-output",
    "outcome": "name.book-outcome", "impact": "name.book-impact", "success": "name.book-success",
}  # fmt: skip
_NAMED = 6
"""How many changes a sentence names; the others are counted."""


def countrys_word(papers: RoundPapers) -> list[str]:
    """Whether an official of the country signed off what stands, or its term passed in silence."""
    whole, signed = papers.whole, papers.whole.sign_off
    protocols = [each.protocol for each in whole.protocols]
    if signed is not None and signed.counts:
        return [render("note.paper-signed-off", **_who(signed)), covered(signed)]
    found = []
    if signed is not None:
        found.append(no_longer(signed, protocols, papers.day_of))
    if whole.closed_as in (ClosedAs.NOT_COMMENTED, ClosedAs.NOT_SIGNED_OFF):
        found.append(render(f"note.paper-closed-{whole.closed_as}"))
    elif signed is None:
        found.append(render("note.paper-not-signed-off"))
    if papers.stood_sha256:
        found.append(render("note.paper-stands", sha256=papers.stood_sha256))
    return found


def _who(signed: SignOffSaid) -> dict[str, str]:
    return {
        "official": signed.official,
        "office": signed.office,
        "on": signed.signed_on.isoformat(),
    }


def covered(signed: SignOffSaid) -> str:
    """What a sign-off covers, and the digest of what was signed."""
    key = "note.paper-signed-all" if signed.covers_texts else "note.paper-signed-answers"
    return render(key, sha256=signed.stood_sha256)


def no_longer(
    signed: SignOffSaid, protocols: Sequence[Protocol], day_of: Callable[[datetime], date]
) -> str:
    """That what stands is not what was signed, and what changed since."""
    if not signed.covers_texts:
        return render("note.paper-signed-before", **_who(signed))
    changes = changes_words(signed.changes, protocols, day_of)
    return render(
        "note.paper-signed-changed", **_who(signed), sha256=signed.stood_sha256, changes=changes
    )


def changes_words(
    changes: Iterable[ChangeSaid],
    protocols: Sequence[Protocol],
    day_of: Callable[[datetime], date],
) -> str:
    """Name what changed after a sign-off, texts first; beyond a few, count them."""
    ordered = sorted(changes, key=lambda each: list(_ORDER).index(each.kind))
    said = [_change(each, protocols, day_of) for each in ordered[:_NAMED]]
    if left := len(ordered) - _NAMED:
        said += [render("note.stood-more", count=left)] if left > 0 else []
    return "; ".join(said)


_ORDER = (Covered.TEXT, Covered.PLAN, Covered.ANSWER, Covered.WISH, Covered.COMMENT)


def _change(
    change: ChangeSaid, protocols: Sequence[Protocol], day_of: Callable[[datetime], date]
) -> str:
    what = _what(change, protocols)
    if change.at is None:
        return what
    on = day_of(change.at).isoformat()
    if not change.by:
        return render("note.stood-on", what=what, on=on)
    return render("note.stood-by", what=what, by=change.by, on=on)


def _what(change: ChangeSaid, protocols: Sequence[Protocol]) -> str:
    if change.kind is not Covered.TEXT:
        return render(f"name.stood-{change.kind.value}", of=change.of)
    return text_name(change.of, change.genre, change.language, protocols)


def text_name(section: str, genre: str, language: str, protocols: Sequence[Protocol]) -> str:
    """Name a text of the report by its place, with its language where one is stated."""
    area = area_of(section)
    if item_of(section):
        names = (render("name.paper-col-item"), render(_OF_ITEM[genre]))
        of = ": ".join(dict.fromkeys(names))
    elif area is None:
        of = render(f"name.stood-{section}")
    else:
        of = render(f"name.stood-{genre}", of=_area_title(*area, protocols))
    if not language:
        return of
    return render("note.stood-language", what=of, language=language_name(language))


def language_name(code: str) -> str:
    """The name of a language; its code where it has none."""
    known = is_translated(f"name.language-{code}", "en")
    return render(f"name.language-{code}") if known else code


def _area_title(protocol: str, area: str, protocols: Iterable[Protocol]) -> str:
    for each in protocols:
        if each.name == protocol and area in each.areas:
            return plain(each.areas[area].title)
    return area
