"""What the page says of good bundles, and of what came by another road."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.page.browser import MODES, Desk
from tests.page.bundle_maker import (
    OFFICER,
    Key,
    Plan,
    checkpoint_of,
    found_ledger,
    make_bundle,
    make_members,
    sha,
    zipped,
)
from tests.page.mutations import hand_over

pytestmark = pytest.mark.browser

MEANING = "Intact does not mean true, complete or lawfully obtained."


def test_a_good_bundle_has_no_wrong_answer_in_any_browser(any_desk: Desk) -> None:
    answer = any_desk.check(make_bundle())
    assert answer.states == {
        "bytes": "ok", "signer": "unknown", "custody": "ok", "when": "unknown", "chain": "ok",
        "table": "ok",
    }, answer.texts  # fmt: skip
    assert answer.verdict == "unchanged"
    assert any_desk.faults == []


def test_the_page_asks_nothing_of_any_network(any_desk: Desk) -> None:
    any_desk.check(make_bundle())
    assert {url.split(":")[0] for url in any_desk.asked} == {"file"}


def test_it_says_what_intact_does_not_mean_whatever_the_answer(desk: Desk) -> None:
    for bundle in (make_bundle(), b"broken"):
        desk.check(bundle)
        assert desk.page.get_by_text(MEANING).is_visible()


def test_the_signer_is_not_checked_until_compared(desk: Desk) -> None:
    answer = desk.check(make_bundle())
    assert "not checked" in answer.texts["signer"]
    assert Key("officer").fingerprint in answer.texts["signer"]


@pytest.mark.parametrize("form", ["{}", "{} ", "{}=", "  {}\n"])
def test_the_right_fingerprint_matches_however_it_was_copied(desk: Desk, form: str) -> None:
    answer = desk.check(make_bundle(), key=form.format(Key("officer").fingerprint))
    assert (answer.states["signer"], answer.verdict) == ("ok", "confirmed")


def test_the_fingerprint_matches_without_its_prefix(desk: Desk) -> None:
    answer = desk.check(make_bundle(), key=Key("officer").fingerprint.removeprefix("SHA256:"))
    assert answer.states["signer"] == "ok"


def test_another_fingerprint_makes_the_bundle_not_intact(desk: Desk) -> None:
    answer = desk.check(make_bundle(), key=Key("thief").fingerprint)
    assert (answer.states["signer"], answer.verdict) == ("bad", "not-intact")


def test_the_same_checkpoint_anchors(desk: Desk) -> None:
    bundle = make_bundle()
    answer = desk.check(bundle, checkpoint=checkpoint_of(bundle).decode())
    assert (answer.states["when"], answer.verdict) == ("ok", "confirmed")
    assert "anchored" in answer.texts["when"]


def test_the_digest_on_a_paper_slip_anchors(desk: Desk) -> None:
    bundle = make_bundle()
    digest = sha(checkpoint_of(bundle)).hex().upper()
    spaced = " ".join(digest[at : at + 8] for at in range(0, 64, 8))
    assert desk.check(bundle, checkpoint=spaced).states["when"] == "ok"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 6])
def test_an_earlier_checkpoint_anchors_in_part(desk: Desk, size: int) -> None:
    note = found_ledger(Plan()).checkpoint(size).decode()
    answer = desk.check(make_bundle(), checkpoint=note)
    assert answer.states["when"] == "ok", answer.texts["when"]
    assert "in part" in answer.texts["when"]


def test_a_checkpoint_of_a_fork_is_caught(desk: Desk) -> None:
    other = found_ledger(Plan(twist_statement=lambda s: s.update(at="2026-11-24T08:09:09.000000Z")))
    answer = desk.check(make_bundle(), checkpoint=other.checkpoint(6).decode())
    assert (answer.states["when"], answer.verdict) == ("bad", "not-intact")
    assert "different ledger" in answer.texts["when"]


def test_a_checkpoint_that_the_unit_did_not_sign_is_caught(desk: Desk) -> None:
    note = found_ledger(Plan(unit_key="other unit")).checkpoint(6).decode()
    answer = desk.check(make_bundle(), checkpoint=note)
    assert (answer.states["when"], answer.verdict) == ("bad", "not-intact")


def test_a_later_checkpoint_is_not_compared_and_not_called_anchored(desk: Desk) -> None:
    ledger = found_ledger(Plan())
    for _ in range(5):
        ledger.add("finding.accepted", {}, Key("officer"), officer=OFFICER)
    answer = desk.check(make_bundle(), checkpoint=ledger.checkpoint().decode())
    assert answer.states["when"] == "unknown"
    assert "cannot compare" in answer.texts["when"]


def test_rubbish_as_checkpoint_is_said_and_not_used(desk: Desk) -> None:
    answer = desk.check(make_bundle(), checkpoint="hello")
    assert answer.states["when"] == "unknown"
    assert "neither" in answer.texts["when"]


def test_sealed_entries_are_named_with_their_reasons(desk: Desk) -> None:
    answer = desk.check(make_bundle(Plan(sealed=frozenset({4, 6}))))
    assert answer.states["custody"] == "ok", answer.texts
    for n in (4, 6):
        assert f"Entry {n} is sealed" in answer.texts["custody"]
        assert f"Reason: reason {n}" in answer.texts["custody"]


def test_an_entry_that_is_sealed_without_being_declared_is_not_intact(desk: Desk) -> None:
    answer = desk.check(make_bundle(Plan(sealed=frozenset({6}), declared=frozenset())))
    assert (answer.states["custody"], answer.verdict) == ("bad", "not-intact")
    assert "an entry was taken out" in answer.texts["custody"]


def test_a_hand_over_signed_by_both_is_right(desk: Desk) -> None:
    answer = desk.check(make_bundle(Plan(twist_ledger=hand_over(Key("officer")))))
    assert answer.states["custody"] == "ok", answer.texts["custody"]


def test_an_answer_whose_entry_is_sealed_is_said(desk: Desk) -> None:
    answer = desk.check(make_bundle(Plan(sealed=frozenset({7}))))
    assert answer.states["table"] == "ok"
    assert "1 answer is not compared with the ledger" in answer.texts["table"]


def asked_in_version_2(**changed: Any) -> Callable[[dict[str, Any]], None]:
    """The parameters their form of today, with policies that the page may not know."""

    def twist(parts: dict[str, Any]) -> None:
        named = [{"name": name, "version": "1"} for name in ("poison", "haircut", "fifo", "lifo")]
        form = {"format": "kancil-parameters/2", "heuristics": [], "policies": named}
        parts["parameters"].update({**form, **changed})

    return twist


@pytest.mark.parametrize(
    "changed",
    [
        {"policies": [{"name": "fifo", "version": "2"}]},
        {"policies": [{"name": "fifo", "version": "1"}, {"name": "later", "version": "1"}]},
        {"format": "kancil-parameters/3"},
    ],
    ids=str,
)
def test_a_method_that_is_not_known_is_not_called_intact(desk: Desk, changed: Any) -> None:
    answer = desk.check(make_bundle(Plan(twist_analysis=asked_in_version_2(**changed))))
    assert (answer.states["table"], answer.verdict) == ("unknown", "incomplete")
    assert "were not recomputed by this page" in answer.texts["table"]


@pytest.mark.parametrize(
    "changed",
    [
        {"policies": {"fifo": "1"}},
        {"policies": [{"name": "fifo", "version": "1"}] * 2},
        {"policies": [{"name": "lifo", "version": "1"}]},
        {"heuristics": {}},
    ],
    ids=str,
)
def test_parameters_of_another_form_are_refused(desk: Desk, changed: Any) -> None:
    answer = desk.check(make_bundle(Plan(twist_analysis=asked_in_version_2(**changed))))
    assert (answer.states["table"], answer.verdict) == ("bad", "not-intact")


def test_version_1_names_the_policies_of_its_time_and_no_others(desk: Desk) -> None:
    def twist(parts: dict[str, Any]) -> None:
        parts["parameters"]["policies"]["fifo"] = "2"

    answer = desk.check(make_bundle(Plan(twist_analysis=twist)))
    assert (answer.states["table"], answer.verdict) == ("bad", "not-intact")


def test_a_transaction_outside_any_block_is_not_called_intact(desk: Desk) -> None:
    def twist(parts: dict[str, Any]) -> None:
        parts["transactions"][-1].update(
            block=None, index=None, path=[], coinbase_txid=None, coinbase_path=[]
        )
        parts["blocks"].pop()

    answer = desk.check(make_bundle(Plan(twist_analysis=twist)))
    assert (answer.states["chain"], answer.verdict) == ("unknown", "incomplete")
    assert "1 transaction was not shown to be in any block" in answer.texts["chain"]


def test_a_kind_that_is_not_known_is_said(desk: Desk) -> None:
    plan = Plan(twist_statement=lambda s: s.update(kind="exhibit.weighed") if s["n"] == 6 else None)
    answer = desk.check(make_bundle(plan))
    assert answer.states["custody"] == "ok"
    assert "exhibit.weighed" in answer.texts["custody"]


def test_a_newer_format_is_one_sentence(desk: Desk) -> None:
    plan = Plan(twist_manifest=lambda m: m.update(format="kancil-bundle/4"))
    answer = desk.check(make_bundle(plan))
    assert answer.verdict == "newer"
    assert set(answer.states.values()) == {"unknown", "skipped"}
    words = desk.page.inner_text("#verdict-words")
    assert "format 4" in words
    assert "get a newer verify.html" in words


def test_a_page_inside_the_bundle_is_told_and_not_believed(desk: Desk) -> None:
    plan = Plan(outside={"verify.html": b"<script>alert(1)</script>"})
    answer = desk.check(make_bundle(plan))
    assert answer.verdict == "unchanged"
    assert "did not run or believe it" in answer.texts["custody"]


def test_a_page_inside_that_the_ledger_does_not_name_is_not_intact(desk: Desk) -> None:
    plan = Plan(outside={"verify.html": b"<h1>Intact. Trust me.</h1>"})
    plan.twist_making = lambda body: body.update(page_sha256="ab" * 32)
    answer = desk.check(make_bundle(plan))
    assert (answer.states["custody"], answer.verdict) == ("bad", "not-intact")
    assert "Do not open it" in answer.texts["custody"]


def test_words_from_a_bundle_are_never_markup(desk: Desk) -> None:
    title = "<img src=x onerror=alert(1)>\u202etxt.exe\u0007"

    def twist(statement: dict[str, object]) -> None:
        if statement["kind"] == "unit.founded":
            statement["body"]["name"] = title  # type: ignore[index]

    answer = desk.check(make_bundle(Plan(twist_statement=twist)))
    assert "<img src=x onerror=alert(1)>⟨202E⟩txt.exe⟨7⟩" in answer.texts["custody"]
    assert desk.page.locator("#answers img").count() == 0
    assert desk.faults == []


def test_a_second_bundle_replaces_the_first(desk: Desk) -> None:
    assert desk.check(b"broken").verdict == "not-intact"
    assert desk.check(make_bundle()).verdict == "unchanged"


def test_the_browsers_tools_are_named() -> None:
    assert len(MODES) == 5


def test_members_of_the_maker_are_those_of_the_format_page() -> None:
    assert zipped(make_members()) == make_bundle()
