"""What is written into a round's report: each text stands after the one that its author read."""

from __future__ import annotations

import re

from kancil.assessment.narrative import Genre
from kancil.desk.assessment.access import may_write_text
from kancil.desk.assessment.errors import TextMoved, TextTooLong
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Narrative
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.narratives import own_areas, text_places
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.people.models import Person
from kancil.ground import clock

from .changing import changing, require_open

LANGUAGE = re.compile("[a-z]{2,3}")
"""The code of a language that a text can be in."""


def write_text(
    *,
    by: Person,
    round: str,
    section: str,
    kind: str,
    text: str,
    follows: str | None,
    language: str = "",
) -> str:
    """Write a text over the one that was read; gives its id. An empty one takes that back.

    `language`: of the text, `ar`; each language has a text of its own. Empty: not stated. One whose
    language was not stated may be followed by one that states it.
    `follows`: id of the version that its author read; None: there was none. The same text again
    writes nothing. Raises TextMoved, TextTooLong, RoundClosed, RecordNotFound, RoundNotFound,
    ActNotYours.
    """
    with changing(by, round) as sight:
        require_open(sight)
        require(may_write_text(sight, section, own_areas(sight)), sight)
        place = next((each for each in text_places(sight, section) if each.genre == kind), None)
        if place is None:
            raise no_such("narrative")
        text = "\n".join(each.rstrip() for each in text.strip().splitlines())
        if fault := place.fault(text):
            raise TextTooLong(why=fault)
        if language and not LANGUAGE.fullmatch(language):
            raise unusable("language", "unknown", value=language[:40])
        about = {"round_id": sight.round, "section": section, "kind": Genre(kind).value}
        older = _older(about, language, follows)
        if (older.id if older else None) != (follows or None):
            raise TextMoved(name=older.author.name if older else by.name)
        if older is not None and (older.text, older.language) == (text, language):
            return older.id
        row = Narrative(
            **about, language=language, text=text, author=by, at=clock.now(), follows=older
        )
        if older is not None:
            older.is_latest = False
            keep_changed(older, ["is_latest"])
        keep(row)
        record(
            "narrative.written", by=by, sight=sight, about=section, text_kind=kind,
            language=language,
        )  # fmt: skip
    return row.id


def _older(about: dict[str, str], language: str, follows: str | None) -> Narrative | None:
    """The text that the new one stands over: of its language, or one whose language it states."""
    rows = Narrative.objects.filter(**about, is_latest=True).select_related("author")
    own = rows.filter(language=language).first()
    if own is None and follows:
        return rows.filter(language="", id=follows[:36]).first()
    return own
