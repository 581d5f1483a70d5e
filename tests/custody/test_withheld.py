"""What is withheld: named by entry or field, never without a reason, and by its digest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.custody.entry import Entry, read_entry
from kancil.custody.withheld import LONGEST_REASON, Withheld, covered, read_withheld
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from tests.reports.tiny_ledger import CASE, EXHIBIT, OFFICER, found_ledger, key_of


def entries() -> dict[int, Entry]:
    """The entries of a small case, the last of which states where an exhibit went."""
    ledger = found_ledger()
    body: dict[str, object] = {"place": "court", "reason": None, "seal": 5, "to": "Registry"}
    ledger.add("exhibit.deposited", body, key=key_of("officer"), officer=OFFICER, case=CASE,
               exhibit=EXHIBIT)  # fmt: skip
    return {entry.n: entry for entry in map(read_entry, ledger.entries)}


FREE = entries()
LAST = max(FREE)


def read(*given: str, fields: bool = True) -> tuple[Withheld, ...]:
    return read_withheld(given, FREE, option="--withhold", fields=fields)


def test_an_entry_and_a_field_are_kept_back_with_reason_and_digest() -> None:
    whole, field = read("4= a source ", f"{LAST}.to=a witness = protected")
    assert (whole.n, whole.field, whole.reason) == (4, "", "a source")
    assert (field.field, field.reason) == ("to", "a witness = protected")
    assert plain(field) == {
        "field": "to", "n": LAST, "reason": "a witness = protected",
        "sha256": FREE[LAST].hash.hex(),
    }  # fmt: skip
    assert plain(whole)["field"] is None


def test_nothing_given_keeps_nothing_back() -> None:
    assert read() == ()


def test_a_whole_entry_hides_its_fields_and_the_last_reason_counts() -> None:
    (one,) = read(f"{LAST}.to=x", f"{LAST}=first", f"{LAST}=second")
    assert (one.field, one.reason) == ("", "second")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "why.withhold-form"),
        ("4", "why.withhold-form"),
        ("4=", "why.withhold-form"),
        ("4. = x", "why.withhold-form"),
        ("-1=x", "why.withhold-form"),
        ("٤=x", "why.withhold-form"),
        ("9" * 5000 + "=x", "why.withhold-form"),
        ("4=" + "x" * (LONGEST_REASON + 1), "why.withhold-form"),
        ("999=x", "note.not-to-be-sealed"),
        ("4.title=x", "why.withhold-field"),
        (f"{LAST}.nothing=x", "why.withhold-field"),
        (f"{LAST}.reason=x", "why.withhold-field"),
        (f"{LAST}.seal=x", "why.withhold-field"),
    ],
)
def test_what_cannot_be_kept_back_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(OptionNotUsable) as refused:
        read(text)
    assert refused.value.params["option"] == "--withhold"
    assert refused.value.params["why"] == Phrase(why)


def test_a_bundle_keeps_back_no_single_field() -> None:
    with pytest.raises(OptionNotUsable) as refused:
        read(f"{LAST}.to=x", fields=False)
    assert refused.value.params["why"] == Phrase("why.withhold-field-whole")


def test_a_covered_entry_has_a_mark_in_place_of_the_field_and_keeps_its_hash() -> None:
    withheld = read(f"{LAST}.to=x", "4=y")
    shown = covered(FREE[LAST], withheld, "[mark]")
    assert shown is not None
    assert shown.body == FREE[LAST].body | {"to": "[mark]"}
    assert shown.hash == FREE[LAST].hash
    assert FREE[LAST].body["to"] == "Registry", "the ledger's own entry is as it was"
    assert covered(FREE[4], withheld, "[mark]") is None
    assert covered(FREE[5], withheld, "[mark]") is FREE[5]


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read(text)
    except OptionNotUsable:
        return
    assert all(one.reason and one.n in FREE for one in found)
