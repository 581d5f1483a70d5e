"""One person's answers in a signed file, between laptops and the site, and how two sets merge.

The file is docs/formats/assessment-exchange.md. What its audience may not have is left out where
the file is made, and counted; a reader checks the signature before anything else. Merging only
ever adds: of two answers that stand beside each other neither is chosen.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from kancil.assessment.answer import Answer, Evidence
from kancil.assessment.answer_json import ANSWER_KEYS, MOST_LONG, Fields, answer_json, answer_of
from kancil.assessment.errors import (
    AnswerNotOnScale,
    AnswersFileBroken,
    AnswersFileNotReadable,
    AnswersFileTooLarge,
    AnswersForOther,
    AnswersKeyUnknown,
    IndicatorNotFound,
)
from kancil.assessment.giving import check_answer
from kancil.assessment.law.matrix import Extract, extract_json
from kancil.assessment.protocol import Protocol
from kancil.ground import canonical, clock
from kancil.ground.errors import FormatTooNew, NotCanonical, SignatureWrong, TimeNotReadable
from kancil.ground.phrase import Phrase
from kancil.ground.signedfile import read_signed, write_signed
from kancil.ground.signing import Signer, fingerprint
from kancil.ground.skipped import Skipped
from kancil.records.errors import FieldNotUsable, ReasonMissing

VERSION = 1
FORMAT = f"kancil-answers/{VERSION}"
SUFFIX = ".kancil-answers"
MAX_BYTES = 20_000_000
_FORMAT = re.compile(r"kancil-answers/([0-9]{1,6})")


class Audience(StrEnum):
    """For whom a file is, which says what is left out of it."""

    OWN = "own"
    """The author's own other laptop, or the site: nothing is left out."""
    TEAM = "team"
    """Interviews, and evidence that rests on them, are left out."""
    FOCAL_POINT = "focal-point"
    """As for the team; and what is withheld."""


@dataclass(frozen=True, slots=True)
class Carried:
    """An answer on its way, with what it stands over."""

    protocol: str
    """By name: `capability-2026.2`."""
    answer: Answer
    follows: str | None = None
    """Id of the author's answer that it was written over."""
    also: tuple[str, ...] = ()
    """Ids of further ones that it stands over too: how its author ended a conflict."""


@dataclass(frozen=True, slots=True)
class RoundNamed:
    """A round as a file names it."""

    id: str
    country: str
    title: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a file carries."""

    round: RoundNamed
    author: str
    """Name as the sender writes it; who it is here, the key says."""
    audience: Audience
    made_at: datetime
    protocols: Mapping[str, str]
    """SHA-256 of each protocol that was answered, by name."""
    answers: tuple[Carried, ...]
    extracts: tuple[Extract, ...] = ()
    left_out: int = 0
    """Evidence items that the audience may not have."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read."""

    parcel: Parcel
    fingerprint: str
    skipped: tuple[Skipped, ...]
    """Answers that no question of the protocol asks for."""


# --- making a file --------------------------------------------------------------------------------


def pack(
    answers: Iterable[Carried],
    *,
    by: str,
    author: str,
    audience: Audience,
    round: RoundNamed,
    protocols: Iterable[Protocol],
    made_at: datetime,
    extracts: Iterable[Extract] = (),
    withheld: Collection[str] = (),
    with_digests: bool = True,
) -> Parcel:
    """Put one person's answers together for an audience.

    Answers of others than `by` are not put in. `protocols`: all that were answered. `withheld`: ids
    of evidence that the focal point may not have. `with_digests`: whether files' digests go along.
    """
    known = {each.name: each for each in protocols}
    left_out: set[Evidence] = set()
    packed = []
    for each in answers:
        if each.answer.by != by:
            continue
        kept = []
        for item in each.answer.evidence:
            if _may_have(audience, item, known[each.protocol], withheld):
                kept.append(item if with_digests else replace(item, sha256=None))
            else:
                left_out |= {item}
        packed.append(replace(each, answer=replace(each.answer, evidence=tuple(kept))))
    used = {each.protocol for each in packed}
    cited = {item.extract for each in packed for item in each.answer.evidence}
    return Parcel(
        round=round,
        author=author,
        audience=audience,
        made_at=made_at,
        protocols={name: each.sha256 for name, each in known.items() if name in used},
        answers=tuple(sorted(packed, key=_order)),
        extracts=tuple(
            sorted((each for each in extracts if each.id in cited), key=lambda each: each.id)
        ),
        left_out=len(left_out),
    )


def is_interview(evidence: Evidence, protocol: Protocol) -> bool:
    """Whether evidence is an interview: by its kind, its record or its grade.

    One of a grade that the protocol does not have may be one, and is taken as one.
    """
    grade = protocol.grades.get(evidence.grade)
    is_of_kind = evidence.kind == "interview" or evidence.interview is not None
    return is_of_kind or grade is None or grade.interview


def _may_have(
    audience: Audience, evidence: Evidence, protocol: Protocol, withheld: Collection[str]
) -> bool:
    if audience is Audience.OWN:
        return True
    if is_interview(evidence, protocol):
        return False
    return audience is Audience.TEAM or evidence.id not in withheld


def write_parcel(parcel: Parcel, signer: Signer) -> bytes:
    """The bytes of the signed file; the same parcel and key give the same bytes."""
    return write_signed(
        {
            "format": FORMAT,
            "made_at": clock.to_text(parcel.made_at),
            "author": parcel.author,
            "audience": parcel.audience.value,
            "round": {
                "id": parcel.round.id,
                "country": parcel.round.country,
                "title": parcel.round.title,
            },
            "protocols": [
                {"name": name, "sha256": sha256}
                for name, sha256 in sorted(parcel.protocols.items())
            ],
            "answers": [_carried_json(each) for each in parcel.answers],
            "extracts": [extract_json(each) for each in parcel.extracts],
            "left_out": parcel.left_out,
        },
        signer,
    )


def _carried_json(carried: Carried) -> dict[str, Any]:
    return {
        **answer_json(carried.answer),
        "protocol": carried.protocol,
        "follows": carried.follows,
        "also": list(carried.also),
    }


# --- reading a file -------------------------------------------------------------------------------


def read_parcel(
    data: bytes, path: str, known: Mapping[str, str], protocols: Mapping[str, Protocol]
) -> Opened:
    """Read a signed file of answers; the signature is checked before anything else is believed.

    `path`: for what is said of it. `known`: who stands behind each key that was compared, by
    fingerprint; the answers become theirs, whatever the file says. `protocols`: those of the round,
    by name. Raises AnswersFileTooLarge, AnswersFileBroken (cut short, or changed), FormatTooNew,
    AnswersKeyUnknown, AnswersForOther (a protocol that is not of the round, or not to the byte),
    AnswersFileNotReadable.
    """
    statement = _verified(data, path)
    key = fingerprint(base64.b64decode(statement["public_key"]))
    if key not in known:
        raise AnswersKeyUnknown(path=path, fingerprint=key)
    return _Opening(statement, path, known[key], protocols).opened(key)


def _verified(data: bytes, path: str) -> dict[str, Any]:
    if len(data) > MAX_BYTES:
        raise AnswersFileTooLarge(path=path, megabytes=MAX_BYTES // 1_000_000)
    if not data.startswith(b'{"signature":"'):
        raise AnswersFileNotReadable(path=path, why=Phrase("why.answers-other-file"))
    if data.rstrip(b"\n")[-2:] != b"}}":
        raise AnswersFileBroken(path=path, why=Phrase("why.answers-truncated"))
    _check_format(data, path)
    try:
        return read_signed(data, format_name=FORMAT, path=path)
    except (SignatureWrong, NotCanonical) as error:
        raise AnswersFileBroken(path=path, why=Phrase("why.answers-changed")) from error


def _check_format(data: bytes, path: str) -> None:
    """A file of a newer Kancil, and another signed file, from one that is broken."""
    try:
        whole = canonical.loads(data)
    except NotCanonical as error:
        raise AnswersFileBroken(path=path, why=Phrase("why.answers-changed")) from error
    statement = whole.get("statement") if isinstance(whole, dict) else None
    stated = statement.get("format") if isinstance(statement, dict) else None
    found = _FORMAT.fullmatch(stated) if isinstance(stated, str) else None
    if found is None:
        raise AnswersFileNotReadable(path=path, why=Phrase("why.answers-other-file"))
    if int(found[1]) > VERSION:
        raise FormatTooNew(what=path, found=int(found[1]), known=VERSION)


class _Opening:
    """Reads a statement whose signature fits."""

    def __init__(
        self, statement: Any, path: str, by: str, protocols: Mapping[str, Protocol]
    ) -> None:
        keys = (
            "format", "public_key", "made_at", "author", "audience", "round", "protocols",
            "answers", "extracts", "left_out",
        )  # fmt: skip
        self.path, self.by, self.protocols = path, by, protocols
        self.fields = Fields(statement, keys, path, "statement")

    def opened(self, key: str) -> Opened:
        fields = self.fields
        try:
            made_at = clock.from_text(fields.text("made_at"))
        except TimeNotReadable:
            fields.refuse("made_at")
        named = Fields(fields.values["round"], ("id", "country", "title"), self.path, "round")
        protocols = self.named_protocols()
        answers, skipped = self.answers(protocols)
        parcel = Parcel(
            RoundNamed(named.ident("id"), named.ident("country"), named.text("title")),
            fields.text("author"),
            fields.word("audience", Audience),
            made_at,
            protocols,
            answers,
            tuple(self.extract(*each) for each in enumerate(fields.listed("extracts"))),
            fields.whole("left_out"),
        )
        return Opened(parcel, key, skipped)

    def named_protocols(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, each in enumerate(self.fields.listed("protocols", 100)):
            fields = Fields(each, ("name", "sha256"), self.path, f"protocols.{number}")
            name, sha256 = fields.ident("name"), fields.sha256("sha256")
            here = self.protocols.get(name)
            if here is None or here.sha256 != sha256:
                known = ", ".join(self.protocols)
                raise AnswersForOther(path=self.path, found=name, known=known)
            if name in found:
                fields.refuse("name")
            found[name] = sha256
        return found

    def answers(
        self, protocols: Collection[str]
    ) -> tuple[tuple[Carried, ...], tuple[Skipped, ...]]:
        answers: list[Carried] = []
        skipped: list[Skipped] = []
        for number, each in enumerate(self.fields.listed("answers")):
            fields = Fields(
                each, (*ANSWER_KEYS, "protocol", "follows", "also"), self.path, f"answers.{number}"
            )
            name = fields.ident("protocol")
            if name not in protocols:
                fields.refuse("protocol")
            answer = answer_of(fields, self.by)
            protocol = self.protocols[name]
            if any(item.grade not in protocol.grades for item in answer.evidence):
                fields.refuse("evidence")
            fitting = _fitting(protocol, answer)
            if fitting is None:
                place = f"{name} {answer.indicator}"
                skipped.append(Skipped("answers-not-asked", place, {"id": answer.id}))
                continue
            carried = Carried(name, fitting, fields.maybe_ident("follows"), fields.idents("also"))
            answers.append(carried)
        return tuple(answers), tuple(skipped)

    def extract(self, number: int, value: Any) -> Extract:
        keys = (
            "id", "law", "citation", "article", "text", "language", "translation", "translated_by",
            "in_force_on", "source", "sha256",
        )  # fmt: skip
        is_bill = isinstance(value, dict) and value.get("is_bill") is True
        also = ("is_bill",) if is_bill else ()
        fields = Fields(value, (*keys, *also), self.path, f"extracts.{number}")
        return Extract(
            id=fields.ident("id"),
            law=fields.text("law"),
            citation=fields.text("citation"),
            article=fields.text("article"),
            text=fields.text("text", MOST_LONG),
            language=fields.text("language"),
            translation=fields.text("translation", MOST_LONG),
            translated_by=fields.text("translated_by"),
            in_force_on=fields.maybe_day("in_force_on"),
            source=fields.text("source"),
            sha256=fields.maybe_sha256("sha256") or "",
            is_bill=is_bill,
        )


def _fitting(protocol: Protocol, answer: Answer) -> Answer | None:
    """An answer in the form in which it is kept; None where the protocol asks no such one."""
    try:
        given, parts = check_answer(protocol, answer.indicator, answer.given, answer.parts)
    except (IndicatorNotFound, AnswerNotOnScale, ReasonMissing, FieldNotUsable):
        return None
    return replace(answer, given=given, parts=parts)


# --- merging --------------------------------------------------------------------------------------


class ConflictKind(StrEnum):
    """Why a person must look; the words are `name.conflict-<value>`."""

    BESIDE = "beside"
    """Answers of one author, none of which stands over the other."""
    ALTERED = "altered"
    """One id, and other words under it: one of the two was not made by Kancil, or was changed."""
    EVIDENCE = "evidence"
    """One id of an evidence item, and two descriptions of it."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a merge leaves to a person; nothing of it is lost."""

    kind: ConflictKind
    protocol: str
    indicator: str
    author: str
    ids: tuple[str, ...]
    """Of the answers, or of the evidence item."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Two sets of answers as one."""

    answers: tuple[Carried, ...]
    """All, the older first."""
    conflicts: tuple[Conflict, ...]


def merge(mine: Iterable[Carried], theirs: Iterable[Carried]) -> Merged:
    """Put two sets of answers together: every answer of either is in the result, once.

    The same whichever comes first, however often and in whatever groups (a join of sets). An answer
    that both have keeps the evidence of both, since one side may have been given less of it.
    """
    together: dict[tuple[Any, ...], tuple[Carried, set[Evidence]]] = {}
    for each in (*mine, *theirs):
        _, evidence = together.setdefault(_words_of(each), (each, set()))
        evidence.update(each.answer.evidence)
    answers = [
        replace(each, answer=replace(each.answer, evidence=_joined(evidence)))
        for each, evidence in together.values()
    ]
    answers.sort(key=_order)
    return Merged(tuple(answers), tuple(find_conflicts(answers)))


def _words_of(carried: Carried) -> tuple[Any, ...]:
    """All that an answer says but its evidence."""
    answer = carried.answer
    return (
        carried.protocol,
        carried.follows,
        carried.also,
        answer.id,
        answer.indicator,
        answer.by,
        answer.at,
        _typed(answer.given),
        tuple(sorted((name, _typed(each)) for name, each in answer.parts.items())),
        answer.confidence,
        answer.comment,
    )


def _typed(given: Any) -> str:
    """What was answered so that 1, "1" and true differ."""
    return repr(given)


def _joined(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each item once; one that came without its digest is the same as the one with it."""
    items = set(evidence)
    with_digest = {replace(each, sha256=None) for each in items if each.sha256 is not None}
    kept = (each for each in items if each.sha256 is not None or each not in with_digest)
    return tuple(sorted(kept, key=lambda each: (each.id, repr(each))))


def _order(carried: Carried) -> tuple[Any, ...]:
    answer = carried.answer
    return (answer.at, answer.id, repr(_words_of(carried)))


def find_conflicts(answers: Collection[Carried]) -> list[Conflict]:
    """Name what a person must look at among answers, by protocol and indicator."""
    found: list[Conflict] = []
    beside: dict[tuple[str, str, str], list[Carried]] = {}
    by_id: dict[str, list[Carried]] = {}
    described: dict[str, list[tuple[Carried, Evidence]]] = {}
    for each in answers:
        beside.setdefault(_about(each), []).append(each)
        by_id.setdefault(each.answer.id, []).append(each)
        for item in each.answer.evidence:
            described.setdefault(item.id, []).append((each, item))
    for key, own in beside.items():
        found += _beside(key, own)
    for name, same in by_id.items():
        if len({_words_of(each) for each in same}) > 1:
            found.append(Conflict(ConflictKind.ALTERED, *min(map(_about, same)), (name,)))
    for name, pairs in described.items():
        digests = {item.sha256 for _, item in pairs} - {None}
        if len({replace(item, sha256=None) for _, item in pairs}) > 1 or len(digests) > 1:
            about = min(_about(each) for each, _ in pairs)
            found.append(Conflict(ConflictKind.EVIDENCE, *about, (name,)))
    return sorted(
        found, key=lambda each: (each.protocol, each.indicator, each.author, each.kind, each.ids)
    )


def _about(carried: Carried) -> tuple[str, str, str]:
    return carried.protocol, carried.answer.indicator, carried.answer.by


def _beside(key: tuple[str, str, str], own: list[Carried]) -> list[Conflict]:
    over = {name for each in own for name in (each.follows, *each.also) if name is not None}
    standing = sorted({each.answer.id for each in own if each.answer.id not in over})
    # Where each stands over another in a circle, none stands and all are named.
    named = standing or sorted({each.answer.id for each in own})
    if len(standing) == 1:
        return []
    return [Conflict(ConflictKind.BESIDE, *key, tuple(named))]
