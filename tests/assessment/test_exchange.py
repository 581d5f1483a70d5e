"""Files of answers: signed, checked before believed, and merged without losing a word."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kancil.assessment import exchange
from kancil.assessment.answer import Answer, Evidence, Given, Kind
from kancil.assessment.errors import (
    AnswersFileBroken,
    AnswersFileNotReadable,
    AnswersFileTooLarge,
    AnswersForOther,
    AnswersKeyUnknown,
)
from kancil.assessment.exchange import (
    Audience,
    Carried,
    ConflictKind,
    Parcel,
    RoundNamed,
    find_conflicts,
    merge,
    pack,
    read_parcel,
    write_parcel,
)
from kancil.assessment.law.matrix import Extract
from kancil.assessment.protocol import Confidence
from kancil.ground import canonical
from kancil.ground.errors import FormatTooNew
from kancil.ground.signedfile import write_signed
from kancil.ground.signing import MemorySigner, fingerprint
from tests.assessment import small

PROTOCOL = small.protocol([small.indicator("L1", "a"), small.indicator("L2", "a")])
ROUND = RoundNamed("r1", "XAA", "First look")
AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
SIGNER = MemorySigner(Ed25519PrivateKey.from_private_bytes(b"a" * 32))
STRANGER = MemorySigner(Ed25519PrivateKey.from_private_bytes(b"s" * 32))
KNOWN = {fingerprint(SIGNER.public_raw): "person-1"}

DOCUMENT = Evidence("e1", "A", "Gazette", "document", "f" * 64, "No. 7", date(2026, 1, 2))
TALK = Evidence("e2", "C", "A talk with a judge", "interview", interview="i1")
GRADED = Evidence("e3", "B", "Two who said so", "document")
HELD = Evidence("e4", "A", "Internal report", "document")
STATUTE = Evidence("e5", "A", "Penal code", "statute", extract="x1")
EXTRACT = Extract(
    "x1", "Penal code", "No. 1", "12", "Whoever …", "en", in_force_on=date(2020, 1, 1)
)


def answer(name: str = "a1", indicator: str = "L1", value: int = 3, **more: Any) -> Answer:
    made = replace(small.answer(indicator, value), id=name, at=AT, evidence=())
    return replace(made, **more)


def packed(audience: Audience = Audience.OWN, **more: Any) -> Parcel:
    answers = [
        Carried(
            PROTOCOL.name,
            answer(comment="Words\nof mine", evidence=(DOCUMENT, TALK, GRADED, HELD, STATUTE)),
        ),
        Carried(PROTOCOL.name, answer("a2", "L2", evidence=(TALK,)), follows="a0", also=("b0",)),
        Carried(PROTOCOL.name, answer("c1", "L2", by="bo")),
    ]
    return pack(
        answers,
        **{
            "by": "ann",
            "author": "Ann",
            "audience": audience,
            "round": ROUND,
            "protocols": [PROTOCOL],
            "made_at": AT,
            "extracts": [EXTRACT],
            "withheld": {"e4"},
            **more,
        },
    )


def opened(data: bytes, known: dict[str, str] | None = None) -> exchange.Opened:
    return read_parcel(
        data, "a.kancil-answers", KNOWN if known is None else known, {PROTOCOL.name: PROTOCOL}
    )


def ids(parcel: Parcel) -> set[str]:
    return {item.id for each in parcel.answers for item in each.answer.evidence}


# --- the file -------------------------------------------------------------------------------------


def test_what_is_written_is_read_as_the_answers_of_whoever_holds_the_key() -> None:
    parcel = packed()
    found = opened(write_parcel(parcel, SIGNER))
    assert found.fingerprint == fingerprint(SIGNER.public_raw)
    assert found.skipped == ()
    named = tuple(
        replace(each, answer=replace(each.answer, by="person-1")) for each in parcel.answers
    )
    assert found.parcel == replace(parcel, answers=named)


def test_a_bill_travels_as_what_it_is() -> None:
    bill = Evidence("e6", "A", "Bill", "bill", extract="x9")
    drafted = replace(EXTRACT, id="x9", in_force_on=None, is_bill=True)
    sent = [Carried(PROTOCOL.name, answer(evidence=(bill,)))]
    parcel = pack(
        sent, by="ann", author="Ann", audience=Audience.TEAM, round=ROUND, protocols=[PROTOCOL],
        made_at=AT, extracts=[EXTRACT, drafted],
    )  # fmt: skip
    found = opened(write_parcel(parcel, SIGNER)).parcel
    assert found.extracts == (drafted,)
    assert [each.answer.evidence for each in found.answers] == [(bill,)]


def test_only_one_persons_answers_are_in_a_file() -> None:
    assert {each.answer.id for each in packed().answers} == {"a1", "a2"}
    statement = json.loads(write_parcel(packed(), SIGNER))["statement"]
    assert all("by" not in each for each in statement["answers"])


def test_the_same_answers_and_key_give_the_same_bytes() -> None:
    assert write_parcel(packed(), SIGNER) == write_parcel(packed(), SIGNER)


@pytest.mark.parametrize(
    ("audience", "kept", "left_out"),
    [
        (Audience.OWN, {"e1", "e2", "e3", "e4", "e5"}, 0),
        (Audience.TEAM, {"e1", "e4", "e5"}, 2),
        (Audience.FOCAL_POINT, {"e1", "e5"}, 3),
    ],
)
def test_an_audience_is_not_given_what_it_may_not_have(
    audience: Audience, kept: set[str], left_out: int
) -> None:
    parcel = packed(audience)
    assert ids(parcel) == kept
    assert parcel.left_out == left_out
    data = write_parcel(parcel, SIGNER)
    assert (b"judge" in data) == (audience is Audience.OWN)
    assert (b"i1" in data) == (audience is Audience.OWN)
    assert opened(data).parcel.left_out == left_out


def test_digests_go_along_only_if_they_are_wanted() -> None:
    parcel = packed(with_digests=False)
    assert b"f" * 64 not in write_parcel(parcel, SIGNER)
    assert ids(parcel) == {"e1", "e2", "e3", "e4", "e5"}


def test_extracts_that_nothing_cites_stay_at_home() -> None:
    parcel = packed(extracts=[EXTRACT, replace(EXTRACT, id="x2")])
    assert [each.id for each in parcel.extracts] == ["x1"]


# --- refusals -------------------------------------------------------------------------------------


def test_a_file_cut_short_anywhere_is_refused() -> None:
    data = write_parcel(packed(), SIGNER)
    for length in (14, 100, len(data) // 2, len(data) - 3, len(data) - 2):
        with pytest.raises(AnswersFileBroken):
            opened(data[:length])
    with pytest.raises(AnswersFileNotReadable):
        opened(data[:5])


def test_a_signature_has_one_spelling() -> None:
    """The last letter of its base64 has four bits that say nothing; they are zero."""
    data = write_parcel(packed(), SIGNER)
    at = data.index(b'=="') - 1
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = letters[letters.index(data[at]) + 1]
    with pytest.raises(AnswersFileBroken):
        opened(data[:at] + bytes([other]) + data[at + 1 :])


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_no_byte_can_be_changed(place: int, change: int) -> None:
    data = bytearray(write_parcel(packed(), SIGNER))
    data[place % (len(data) - 1)] ^= change
    with pytest.raises((AnswersFileBroken, AnswersFileNotReadable, FormatTooNew)):
        opened(bytes(data))


def test_a_key_that_nobody_compared_is_named_by_its_fingerprint() -> None:
    with pytest.raises(AnswersKeyUnknown) as caught:
        opened(write_parcel(packed(), STRANGER))
    assert caught.value.params["fingerprint"] == fingerprint(STRANGER.public_raw)


def test_a_changed_file_is_broken_whoever_signed_it() -> None:
    data = write_parcel(packed(), STRANGER).replace(b"Words", b"Wards")
    with pytest.raises(AnswersFileBroken):
        opened(data)


def signed(change: Callable[[dict[str, Any]], None], signer: MemorySigner = SIGNER) -> bytes:
    """Sign a statement that was changed before."""
    statement = json.loads(write_parcel(packed(), SIGNER))["statement"]
    change(statement)
    return write_signed(statement, signer)


def test_a_newer_form_is_told_as_such() -> None:
    with pytest.raises(FormatTooNew) as caught:
        opened(signed(lambda it: it.update(format="kancil-answers/2", whatever=[])))
    assert caught.value.params["found"] == 2


@pytest.mark.parametrize("format", ["kancil-certificate/1", "kancil-answers/x", 7, None])
def test_another_signed_file_is_no_file_of_answers(format: object) -> None:
    with pytest.raises(AnswersFileNotReadable):
        opened(signed(lambda it: it.update(format=format)))


def test_a_file_beyond_the_limit_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "MAX_BYTES", 100)
    with pytest.raises(AnswersFileTooLarge):
        opened(write_parcel(packed(), SIGNER))


def test_what_is_nested_without_end_is_refused() -> None:
    deep = b'{"signature":"' + b"A" * 88 + b'","statement":' + b"[" * 200_000 + b"}}\n"
    with pytest.raises(AnswersFileBroken):
        opened(deep)


@pytest.mark.parametrize("value", ["b" * 64, "0" * 64])
@pytest.mark.parametrize("name", ["small-2025.1", "small-2026.1"])
def test_answers_on_another_protocol_are_refused_by_its_name(name: str, value: str) -> None:
    def change(statement: dict[str, Any]) -> None:
        statement["protocols"] = [{"name": name, "sha256": value}]
        for each in statement["answers"]:
            each["protocol"] = name

    if (name, value) == (PROTOCOL.name, PROTOCOL.sha256):
        assert opened(signed(change)).skipped == ()
        return
    with pytest.raises(AnswersForOther) as caught:
        opened(signed(change))
    assert caught.value.params["found"] == name


def put(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Change one value deep in a statement: `answers.0.confidence`."""

    def change(statement: Any) -> None:
        *before, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in before:
            statement = statement[part]
        statement[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("answers", {}),
        ("answers.0", "text"),
        ("answers.0.confidence", "sure"),
        ("answers.0.at", "2026-05-04"),
        ("answers.0.comment", "a\x00b"),
        ("answers.0.comment", "x" * 100_001),
        ("answers.0.id", "a/../b"),
        ("answers.0.given.kind", True),
        ("answers.0.given.value", {"a": 1}),
        ("answers.0.given.more", 1),
        ("answers.0.parts", []),
        ("answers.0.parts", {"x": None}),
        ("answers.0.evidence.0.sha256", "F" * 64),
        ("answers.0.evidence.0.kind", "rumour"),
        ("answers.0.evidence.0.grade", "Z"),
        ("answers.0.evidence.0.dated", "20260102"),
        ("answers.0.follows", 7),
        ("answers.0.also", "a1"),
        ("answers.0.protocol", "other-1"),
        ("answers.0.by", "somebody"),
        ("audience", "everyone"),
        ("left_out", -1),
        ("left_out", True),
        ("round.country", ""),
        ("extracts.0.in_force_on", 20200101),
        ("made_at", None),
        ("more", 1),
    ],
)
def test_a_well_signed_file_of_another_form_is_refused_with_the_place(
    path: str, value: object
) -> None:
    with pytest.raises(AnswersFileNotReadable):
        opened(signed(put(path, value)))


@pytest.mark.parametrize("value", [9, "3", None, ["3"], 2**53 - 1])
def test_an_answer_that_no_question_asks_for_is_left_out_and_counted(value: object) -> None:
    found = opened(signed(put("answers.0.given.value", value)))
    assert [each.code for each in found.skipped] == ["answers-not-asked"]
    assert [each.answer.id for each in found.parcel.answers] == ["a2"]


# --- merging --------------------------------------------------------------------------------------


def test_two_laptops_that_wrote_over_the_same_answer_keep_both_and_are_named() -> None:
    first = Carried(PROTOCOL.name, answer("a1"))
    one = Carried(PROTOCOL.name, answer("a2", value=1, comment="at home"), follows="a1")
    other = Carried(PROTOCOL.name, answer("a3", value=4, comment="on the road"), follows="a1")
    merged = merge([first, one], [first, other])
    assert {each.answer.comment for each in merged.answers} == {"", "at home", "on the road"}
    (conflict,) = merged.conflicts
    assert (conflict.kind, conflict.ids) == (ConflictKind.BESIDE, ("a2", "a3"))
    ended = Carried(PROTOCOL.name, answer("a4", value=4), follows="a2", also=("a3",))
    assert merge(merged.answers, [ended]).conflicts == ()


def test_first_answers_on_two_laptops_are_a_conflict_too_and_two_authors_are_none() -> None:
    one, other = (Carried(PROTOCOL.name, answer(each)) for each in ("a1", "a2"))
    assert [each.ids for each in merge([one], [other]).conflicts] == [("a1", "a2")]
    by_bo = replace(other, answer=replace(other.answer, by="bo"))
    assert merge([one], [by_bo]).conflicts == ()


def test_one_id_with_other_words_is_kept_twice_and_named() -> None:
    one = Carried(PROTOCOL.name, answer(comment="mine"))
    other = Carried(PROTOCOL.name, answer(comment="not mine"))
    merged = merge([one], [other])
    assert len(merged.answers) == 2
    assert [each.kind for each in merged.conflicts] == [ConflictKind.ALTERED]


def test_evidence_left_out_for_one_side_comes_back_from_the_other() -> None:
    whole = Carried(PROTOCOL.name, answer(evidence=(DOCUMENT, TALK)))
    less = Carried(PROTOCOL.name, answer(evidence=(replace(DOCUMENT, sha256=None),)))
    merged = merge([less], [whole])
    assert merged.answers == (whole,)
    assert merged.conflicts == ()


def test_two_descriptions_of_one_evidence_are_named() -> None:
    one = Carried(PROTOCOL.name, answer(evidence=(DOCUMENT,)))
    other = Carried(PROTOCOL.name, answer(evidence=(replace(DOCUMENT, title="Other"),)))
    merged = merge([one], [other])
    assert [each.kind for each in merged.conflicts] == [ConflictKind.EVIDENCE]
    assert {each.title for each in merged.answers[0].answer.evidence} == {"Gazette", "Other"}


def test_answers_that_stand_over_each_other_in_a_circle_are_named() -> None:
    one = Carried(PROTOCOL.name, answer("a1"), follows="a2")
    other = Carried(PROTOCOL.name, answer("a2"), follows="a1")
    assert [each.ids for each in find_conflicts([one, other])] == [("a1", "a2")]


IDS = st.sampled_from(["a1", "a2", "a3", "a4"])
EVIDENCE = st.sampled_from(
    [DOCUMENT, replace(DOCUMENT, sha256=None), replace(DOCUMENT, title="Other"), TALK, STATUTE]
)
GIVEN = st.sampled_from(
    [Given(Kind.VALUE, 1), Given(Kind.VALUE, "1"), Given(Kind.NOT_APPLICABLE, None, "No sea"), None]
)
CARRIED = st.builds(
    Carried,
    st.sampled_from(["small-2026.1", "other-1"]),
    st.builds(
        Answer,
        id=IDS,
        indicator=st.sampled_from(["L1", "L2"]),
        by=st.sampled_from(["ann", "bo"]),
        at=st.sampled_from([AT, AT.replace(hour=10)]),
        given=GIVEN,
        parts=st.dictionaries(
            st.sampled_from(["p", "q"]), st.sampled_from([Given(Kind.NOT_KNOWN)]), max_size=2
        ),
        confidence=st.sampled_from(Confidence),
        comment=st.sampled_from(["", "one", "other"]),
        evidence=st.lists(EVIDENCE, max_size=3).map(tuple),
    ),
    st.one_of(st.none(), IDS),
    st.lists(IDS, max_size=2).map(tuple),
)
SETS = st.lists(CARRIED, max_size=6)
Some = Sequence[Carried]


@given(SETS, SETS)
def test_it_does_not_matter_who_comes_first(mine: Some, theirs: Some) -> None:
    assert merge(mine, theirs) == merge(theirs, mine)


@given(SETS, SETS, SETS)
def test_it_does_not_matter_in_which_groups(a: Some, b: Some, c: Some) -> None:
    assert merge(merge(a, b).answers, c) == merge(a, merge(b, c).answers)


@given(SETS, SETS)
def test_it_does_not_matter_how_often(mine: Some, theirs: Some) -> None:
    once = merge(mine, theirs)
    assert merge(once.answers, theirs) == once
    assert merge(once.answers, once.answers) == once


@given(SETS, SETS)
def test_no_word_is_lost(mine: Some, theirs: Some) -> None:
    def words(some: Some) -> set[tuple[object, ...]]:
        return {
            (
                each.protocol, each.follows, each.also, each.answer.id, each.answer.by,
                repr(each.answer.given), repr(sorted(each.answer.parts)), each.answer.comment,
            )
            for each in some
        }  # fmt: skip

    def titles(some: Some) -> set[tuple[str, str]]:
        return {(each.answer.id, item.title) for each in some for item in each.answer.evidence}

    merged = merge(mine, theirs).answers
    both = [*mine, *theirs]
    assert words(merged) == words(both)
    assert titles(merged) == titles(both)


@given(SETS, SETS)
def test_answers_that_follow_the_same_one_are_always_named(mine: Some, theirs: Some) -> None:
    merged = merge(mine, theirs)
    named = {(each.protocol, each.indicator, each.author): each.ids for each in merged.conflicts
             if each.kind is ConflictKind.BESIDE}  # fmt: skip
    over: dict[tuple[str, str, str], set[str]] = {}
    for each in merged.answers:
        key = (each.protocol, each.answer.indicator, each.answer.by)
        over.setdefault(key, set()).update({each.follows or "", *each.also})
    for one in merged.answers:
        key = (one.protocol, one.answer.indicator, one.answer.by)
        beside = {
            each.answer.id
            for each in merged.answers
            if (each.protocol, each.answer.indicator, each.answer.by) == key
            and each.follows == one.follows
            and each.answer.id not in over[key]
        }
        if len(beside) > 1:
            assert beside <= set(named[key])


def test_a_signature_fits_no_other_format() -> None:
    body = canonical.dumps({"format": "other/1"})
    line = {"signature": base64.b64encode(SIGNER.sign(body)).decode(), "statement": {}}
    with pytest.raises(AnswersFileNotReadable):
        opened(canonical.dumps(line) + b"\n")
