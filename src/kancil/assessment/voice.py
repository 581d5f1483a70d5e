"""What a country says of a round and what it is answered: comments, replies, the sign-off.

A sign-off is of what stood: the answers that count, and what the country's side said and was
answered. Once something else stands, it counts no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.plain import or_none, plain, written

from .answer import Settled

FORMAT = "kancil-sign-off/1"


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


def stood_sha256(
    round: str, settled: Mapping[str, Mapping[str, Settled]], comments: Iterable[CommentSaid]
) -> str:
    """Digest of what stands in a round, over canonical JSON (docs/formats/assessment-export.md).

    `settled`: by protocol and indicator, with nothing withheld. An answer is named by its id too,
    which stands for the evidence it rests on. A reviewer's comments are left out: they are not
    before the country.
    """
    answers = [
        {
            "protocol": protocol,
            "indicator": name,
            "outcome": each.outcome.value,
            "answer": each.answer.id if each.answer else None,
            "given": plain(each.answer.given) if each.answer else None,
            "parts": plain(each.answer.parts) if each.answer else {},
        }
        for protocol in sorted(settled)
        for name, each in sorted(settled[protocol].items())
    ]
    said = [
        {
            "id": each.id,
            "kind": each.kind.value,
            "text": each.text,
            "replies": [{"outcome": one.outcome.value, "text": one.text} for one in each.replies],
        }
        for each in comments
        if each.of_country
    ]
    stood = {"format": FORMAT, "round": round, "answers": answers, "comments": said}
    return sha256_hex(canonical.dumps(stood))
