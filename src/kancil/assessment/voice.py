"""What a country says of a round and what it is answered: comments, replies, the sign-off.

A sign-off is of the paper as it stood: the answers that count, the country's comments and their
replies, the texts of the report, the plan and what the country wants of the gaps. Each of these has
a digest of its own, so that what changed after the sign-off can be named. Sign-offs from before
texts and plan were covered (`parts` is None) are compared by the one digest that they have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from kancil.assessment.answer import Settled
from kancil.assessment.settling import agreeing
from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.plain import or_none, plain, where_filled, written

FORMAT_OF_ANSWERS = "kancil-sign-off/1"
"""Of sign-offs that cover answers, comments and replies alone."""
FORMAT = "kancil-sign-off/2"


class CommentKind(StrEnum):
    """What a comment is; the words are `web.comment-kind-<value>`."""

    COMMENT = "comment"
    CORRECTION = "correction"
    """Of a fact."""
    EVIDENCE = "evidence"


class ReplyOutcome(StrEnum):
    """What the team did with a comment; the words are `web.comment-outcome-<value>`."""

    CORRECTED = "corrected"
    NOTED = "noted"
    NOT_ACCEPTED = "not-accepted"


class ClosedAs(StrEnum):
    """How a round ended; the words are `web.round.closed-as-<value>`."""

    SIGNED_OFF = "signed-off"
    NOT_COMMENTED = "not-commented"
    """The term passed without a word: that is never agreement."""
    NOT_SIGNED_OFF = "not-signed-off"
    """The term passed, and the country had spoken and not signed off: nor this."""


@dataclass(frozen=True, slots=True)
class BroughtItem:
    """Evidence that came with a comment."""

    id: str
    title: str
    """Empty: it is withheld."""
    reference: str = ""
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class ReplySaid:
    """The team's reply to a comment."""

    outcome: ReplyOutcome
    text: str
    by: str = field(metadata=written(by=or_none))
    """Empty where nobody of the team is named."""
    at: datetime


@dataclass(frozen=True, slots=True)
class CommentSaid:
    """A comment with all its replies, the older first."""

    id: str
    protocol: str = field(metadata=written(by=or_none))
    indicator: str = field(metadata=written(by=or_none))
    section: str = field(metadata=written(by=or_none))
    """Of the report; empty: it is of an answer."""
    kind: CommentKind
    text: str
    by: str
    office: str = field(metadata=written(by=or_none))
    """For whom it speaks."""
    of_country: bool
    """Whether it comes from the country's side, and not from a reviewer."""
    at: datetime
    changed_since: bool
    """Whether another answer counts now than when it was written."""
    evidence: tuple[BroughtItem, ...]
    replies: tuple[ReplySaid, ...]

    @property
    def is_answered(self) -> bool:
        """Whether the team has replied."""
        return bool(self.replies)


class Covered(StrEnum):
    """What a part of a sign-off is of; the words are `name.stood-<value>`."""

    ANSWER = "answer"
    COMMENT = "comment"
    """With its replies."""
    TEXT = "text"
    PLAN = "plan"
    """An item of the plan, its cost and its place; not how far it was carried out since."""
    WISH = "wish"
    """The target set for a gap, and what the country wants of it."""


@dataclass(frozen=True, slots=True)
class ChangeSaid:
    """One part that is not as it was when the official signed: changed, added or gone."""

    kind: Covered
    protocol: str = field(metadata=written(by=or_none))
    of: str
    """An indicator, a section of the report, the id of a comment, or the title of an item."""
    genre: str = field(metadata=written(by=or_none))
    """Of a text, as `narrative.Genre`."""
    language: str = field(metadata=written(by=or_none))
    """Of a text."""
    by: str = field(metadata=written(by=or_none))
    """Who changed it last; empty: not told, or not known."""
    at: datetime | None
    """When; None: not known, or the part is gone."""


@dataclass(frozen=True, slots=True)
class SignOffSaid:
    """That a named official signed a round off."""

    official: str
    office: str
    signed_on: date
    at: datetime
    """When it was recorded."""
    stood_sha256: str
    sha256: str = field(metadata=written(by=or_none))
    """Of the file of the signed paper; empty: none is kept."""
    counts: bool
    """Whether what it is of still stands."""
    parts: Mapping[str, str] | None = field(default=None, metadata=where_filled("parts"))
    """What was signed, each part with its digest; None: answers, comments and replies alone."""
    changes: tuple[ChangeSaid, ...] = field(default=(), metadata=where_filled("changes"))
    """What is not as it was signed; empty too where the sign-off keeps no parts."""

    @property
    def covers_texts(self) -> bool:
        """Whether texts and plan were signed too, or answers, comments and replies alone."""
        return self.parts is not None


def stood_sha256(
    round: str, settled: Mapping[str, Mapping[str, Settled]], comments: Iterable[CommentSaid]
) -> str:
    """Digest of the answers and comments that stand, as sign-offs from before had it.

    Over canonical JSON (docs/formats/assessment-export.md). `settled`: by protocol and indicator,
    with nothing withheld. An answer is named by its id too, which stands for the evidence it rests
    on. A reviewer's comments are left out: they are not before the country.
    """
    answers = list(_answers(settled))
    said = list(_comments(comments))
    stood = {"format": FORMAT_OF_ANSWERS, "round": round, "answers": answers, "comments": said}
    return sha256_hex(canonical.dumps(stood))


def stood_parts(
    settled: Mapping[str, Mapping[str, Settled]],
    comments: Iterable[CommentSaid],
    others: Mapping[str, Any],
) -> dict[str, str]:
    """Digest of each part of the paper, over its canonical JSON, by the part's key.

    `others`: texts, items of the plan and wishes by their keys (`part_key`), in plain JSON.
    """
    bodies: dict[str, Any] = {}
    for each in _answers(settled):
        now = settled[each["protocol"]][each["indicator"]]
        same = agreeing(now.answer, now.answers) if now.answer else []
        body = {**each, "agreeing": sorted(one.id for one in same)}
        bodies[part_key(Covered.ANSWER, each["protocol"], each["indicator"])] = body
    bodies |= {part_key(Covered.COMMENT, each["id"]): each for each in _comments(comments)}
    bodies |= others
    return {key: sha256_hex(canonical.dumps(body)) for key, body in sorted(bodies.items())}


def parts_sha256(round: str, parts: Mapping[str, str]) -> str:
    """The one digest of all parts: what an official signs."""
    stood = {"format": FORMAT, "round": round, "parts": dict(parts)}
    return sha256_hex(canonical.dumps(stood))


def part_key(kind: Covered, *names: str) -> str:
    """The key of a part: its kind and names, with colons; the last name may have some."""
    return ":".join((kind.value, *names))


def moved(signed: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Keys of the parts that are not as they were signed: changed, added or gone."""
    return sorted(each for each in signed.keys() | now.keys() if signed.get(each) != now.get(each))


def _answers(settled: Mapping[str, Mapping[str, Settled]]) -> Iterator[dict[str, Any]]:
    for protocol in sorted(settled):
        for name, each in sorted(settled[protocol].items()):
            yield {
                "protocol": protocol,
                "indicator": name,
                "outcome": each.outcome.value,
                "answer": each.answer.id if each.answer else None,
                "given": plain(each.answer.given) if each.answer else None,
                "parts": plain(each.answer.parts) if each.answer else {},
            }


def _comments(comments: Iterable[CommentSaid]) -> Iterator[dict[str, Any]]:
    for each in comments:
        if each.of_country:
            yield {
                "id": each.id,
                "kind": each.kind.value,
                "text": each.text,
                "replies": [
                    {"outcome": one.outcome.value, "text": one.text} for one in each.replies
                ],
            }
