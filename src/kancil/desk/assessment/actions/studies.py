"""What is written into a study and published of it, each by a named person."""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import ExitStack

from kancil.assessment.study import kinds_in, place_of, study_sections
from kancil.desk.assessment.access import may_publish_study, may_write_study
from kancil.desk.assessment.errors import ActNotYours, StudyMoved, StudyTooSmall, TextMoved
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Narrative, ProtocolFile, Release
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.released_study import released_study
from kancil.desk.assessment.queries.study import Choice, places, questionnaire
from kancil.desk.assessment.stored import PUBLISHED, taken
from kancil.desk.base.keeping import check, keep, keep_changed, unusable
from kancil.desk.base.opening import one_change
from kancil.desk.people.models import Person
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.ground.plain import plain
from kancil.records.small_groups import LEAST

MOST = {"finding": 400, "narrative": 6000}
"""Characters of a text: a finding is a sentence or two, which the summary prints as well."""


def write_study_text(
    *, by: Person, protocol: str, section: str, kind: str, text: str, follows: str | None
) -> str:
    """Write a text of a study over the one that was read; gives its id. An empty one takes it back.

    `follows`: id of the version that its author read; None: there was none. The same text again
    writes nothing. Raises TextMoved, FieldNotUsable, RecordNotFound, ProtocolNotFound,
    ActNotYours.
    """
    if not may_write_study(by):
        raise ActNotYours(name=by.name)
    asked = questionnaire(protocol)
    every = [
        place_of(each.id, part) for each in asked.indicators.values() for part, _ in places(each)
    ]
    sections = study_sections(asked.name, asked.areas, every)
    if section not in sections or kind not in kinds_in(section):
        raise no_such("study-text")
    text = "\n".join(each.rstrip() for each in text.strip().splitlines())
    if len(text) > MOST[kind]:
        raise unusable("text", "too-long", most=MOST[kind])
    about = {"study": asked.name, "section": section, "kind": kind}
    with one_change():
        held = ProtocolFile.objects.select_for_update(no_key=True).filter(name=asked.name)
        held.values_list("pk").first()
        older = Narrative.objects.filter(**about, is_latest=True).select_related("author").first()
        if (older.id if older else None) != (follows or None):
            raise TextMoved(name=older.author.name if older else by.name)
        if older is not None and older.text == text:
            return older.id
        row = Narrative(**about, text=text, author=by, at=clock.now(), follows=older)
        check(row)
        if older is not None:
            older.is_latest = False
            keep_changed(older, ["is_latest"])
        keep(row)
        record("study.written", by=by, about=f"{asked.name} {section}", text_kind=kind)
    return row.id


def publish_study(
    *,
    by: Person,
    protocol: str,
    choice: Choice,
    releases: tuple[str, ...],
    official: str,
    office: str,
    language: str,
    files: Mapping[str, bytes],
    store: Vault,
) -> int:
    """Publish a report that was made of released answers; gives the number of the act.

    `releases`: what it was made of; `official`, `office`: who answers for it; `files`: by format.
    Raises StudyMoved (a release was withdrawn or made since), StudyTooSmall, FieldNotUsable,
    ActNotYours, ProtocolNotFound, DiskFull.
    """
    if not may_publish_study(by):
        raise ActNotYours(name=by.name)
    for name, typed in (("official", official), ("office", office)):
        if not typed.strip():
            raise unusable(name, "blank")
        if len(typed) > MOST["finding"]:
            raise unusable(name, "too-long", most=MOST["finding"])
    with ExitStack() as held:
        kept = {
            format: held.enter_context(taken(store, io.BytesIO(data))).sha256
            for format, data in files.items()
        }
        held.enter_context(one_change())
        rows = Release.objects.select_for_update(no_key=True).filter(id__in=releases)
        list(rows.values_list("pk"))
        now = released_study(by, protocol, choice)
        if tuple(each.release for each in now.countries) != tuple(releases):
            raise StudyMoved
        if now.is_too_small:
            raise StudyTooSmall(least=LEAST)
        act = record(
            PUBLISHED,
            by=by,
            about=now.protocol.name,
            files=kept,
            language=language,
            office=office.strip(),
            official=official.strip(),
            region=choice.region,
            all_groups_because=choice.all_groups_because,
            releases=list(releases),
            protocol_sha256=now.protocol.sha256,
            sha256=kept.get("pdf", ""),
            until=plain(choice.until),
        )
    return act.id
