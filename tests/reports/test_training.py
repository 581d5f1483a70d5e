"""A bundle of a classroom says TRAINING first, and neither loses nor gains the word."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import pytest

from kancil.bitcoin.network import network_named
from kancil.ground import canonical
from kancil.records.parquet import open_parquet
from kancil.reports.casework.bundle.analyse import REPORT
from kancil.reports.casework.bundle.archive import read_archive
from kancil.reports.casework.bundle.checker.verdict import NOT_INTACT, UNCHANGED
from kancil.reports.casework.bundle.checker.verify import verify_bytes
from kancil.reports.casework.bundle.material_read import ANALYSIS
from kancil.reports.casework.prosecutor.content import _marks
from tests.page.bundle_maker import Plan, make_bundle
from tests.reports.make_sample_bundle import sample_answers, sample_of

WORDS = "TRAINING. Made in a classroom; no real case."


def _founded(statement: dict[str, object]) -> None:
    if statement["kind"] == "unit.founded":
        statement["body"] = {**statement["body"], "site": "classroom"}  # type: ignore[dict-item]


def plan(*, founded: bool, manifest: bool, analysis: bool) -> Plan:
    """A bundle in which these three places say that it is a classroom's."""
    site = {"site": "classroom"}
    return Plan(
        twist_statement=_founded if founded else lambda _: None,
        twist_manifest=(lambda one: one.update(site)) if manifest else lambda _: None,
        twist_analysis=(lambda one: one["analysis"].update(site)) if analysis else lambda _: None,
    )


def marks(members: dict[str, bytes]) -> list[bytes | None]:
    """What the Parquet files say of a classroom in their own metadata."""
    files = [data for path, data in members.items() if path.endswith(".parquet")]
    return [(open_parquet(data).metadata.metadata or {}).get(b"training") for data in files]


def test_a_classrooms_bundle_is_unchanged_and_says_training() -> None:
    answers = sample_answers()
    answers = replace(answers, material=replace(answers.material, is_training=True))
    data = sample_of(answers).seal()
    members = read_archive(data).members
    assert json.loads(members["MANIFEST.json"])["site"] == "classroom"
    assert canonical.loads(members[ANALYSIS])["site"] == "classroom"
    assert WORDS in members[REPORT].decode("utf-8")
    assert marks(members) == [WORDS.encode()]
    verdict = verify_bytes(data)
    assert (verdict.is_training, verdict.answer, verdict.problems) == (True, UNCHANGED, [])
    assert verdict.as_dict()["training"] is True


def test_a_units_bundle_says_nothing_of_it() -> None:
    data = sample_of(sample_answers()).seal()
    members = read_archive(data).members
    assert "site" not in json.loads(members["MANIFEST.json"])
    assert "site" not in canonical.loads(members[ANALYSIS])
    assert "TRAINING" not in members[REPORT].decode("utf-8")
    assert marks(members) == [None]
    verdict = verify_bytes(data)
    assert (verdict.is_training, verdict.answer) == (False, UNCHANGED)


@pytest.mark.parametrize(("founded", "manifest"), [(True, False), (False, True)])
def test_a_manifest_that_disagrees_with_the_ledger_is_not_intact(
    founded: bool, manifest: bool
) -> None:
    made = make_bundle(plan(founded=founded, manifest=manifest, analysis=manifest))
    verdict = verify_bytes(made)
    assert verdict.answer == NOT_INTACT
    assert verdict.is_training
    assert "site-differs" in {one.code for one in verdict.steps["custody"].problems}


@pytest.mark.parametrize(("manifest", "analysis"), [(True, False), (False, True)])
def test_an_analysis_that_disagrees_with_the_manifest_is_not_intact(
    manifest: bool, analysis: bool
) -> None:
    made = make_bundle(plan(founded=manifest, manifest=manifest, analysis=analysis))
    verdict = verify_bytes(made)
    assert "manifest-differs" in {one.code for one in verdict.steps["table"].problems}


def test_no_other_word_stands_for_a_site() -> None:
    odd = Plan(twist_manifest=lambda one: one.update({"site": "unit"}))
    assert {one.code for one in verify_bytes(make_bundle(odd)).problems} >= {"manifest-form"}


PLACES = [dict(zip(("founded", "manifest", "analysis"), each, strict=True))
          for each in product((False, True), repeat=3)]  # fmt: skip
"""Each way in which the three places can speak."""


def test_a_printed_report_of_a_classroom_is_marked_on_every_page() -> None:
    regtest = network_named("regtest")
    assert _marks(None, is_preview=False, is_training=False) == ("", "")
    assert _marks(None, is_preview=False, is_training=True) == ("TRAINING", "TRAINING")
    foot, across = _marks(regtest, is_preview=True, is_training=True)
    assert foot.startswith("TRAINING \u00b7 ")
    assert across == "TRAINING"
