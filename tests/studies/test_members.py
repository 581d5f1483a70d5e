"""Members of the promise `Study` over the sample's real blocks: asked, run, compared, read back."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.exposure.answer import SIDES, Question, answer_exposure, exposure_notes
from kancil.evidence.triage.outcome import folder_of
from kancil.evidence.triage.supervise import triage
from kancil.ground import canonical
from kancil.ground.phrase import Phrase
from kancil.ground.words import has, render_phrase
from kancil.studies.clusters_used import clusters_for
from kancil.studies.errors import FindingNotSupported, StudyNotReadable, StudyNotReproduced
from kancil.studies.members import STUDIES, study_named
from kancil.studies.study import (
    Answered,
    Compared,
    Material,
    RecordedStudy,
    Study,
    kept_result,
    read_result,
    run_again,
)
from tests.cli.sample_unit import LISTED_PAYMENT, LONG_CHAIN, PAID_ADDRESS
from tests.evidence.stick import ADDRESS, FILES, write_stick
from tests.flows.more_members import add_members
from tests.studies.moneygraph.sample_chain import folder, sample_chain, sample_labels
from tools.fat import fat_image

ASKED: dict[str, list[dict[str, Any]]] = {
    "trace": [{"starts": [LISTED_PAYMENT], "policy": "fifo", "direction": "backward", "hops": "2"}],
    "exposure": [
        {"address": PAID_ADDRESS, "also_allegations": True},
        {"address": PAID_ADDRESS, "cluster": True, "policy": "poison", "direction": "sent"},
        {"address": "1Kr6QSydW9bFQG1mXiPNNu6WpJGmUa9i1g", "labels_reach_clusters": True},
    ],
    "cluster": [{"address": PAID_ADDRESS}, {"address": "1Kr6QSydW9bFQG1mXiPNNu6WpJGmUa9i1g"}],
    "change": [{"txid": LISTED_PAYMENT[:64]}, {"txid": LONG_CHAIN}],
    "pattern": [
        {"most": 2},
        {"around": [LONG_CHAIN], "threshold": "2", "currency": "BTC", "patterns": ["structuring"]},
        {"patterns": ["fan-out"], "since": "2015-01-01T00:00:00.000000Z"},
    ],
    "disk": [{"kind": "bitcoin-address", "value": ADDRESS}, {"files": [1, 2]}, {}],
}
"""What each member is asked: of the sample's chain, but `disk` of an examined memory stick."""
STICK = [hashlib.sha256(fat_image(FILES, label="STICK")).hexdigest()]
EVERY = [(name, number) for name, asked in ASKED.items() for number in range(len(asked))]
every = pytest.mark.parametrize(("name", "number"), EVERY)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    chain = sample_chain()
    sample_labels()
    prices, disks = tmp_path_factory.mktemp("prices"), tmp_path_factory.mktemp("disks")
    stick = write_stick(tmp_path_factory.mktemp("stick"))
    out = folder_of(disks, STICK)
    out.mkdir()
    triage([stick], out)
    return Material(chain.path.parent, folder() / "labels", prices, disks)


def ran(material: Material, name: str, number: int) -> tuple[Study, Answered]:
    study = study_named(name)
    of = {"exhibit": "E3", "inputs": STICK} if name == "disk" else {"chain": "main"}
    asked = study.ask(material, {**of, **ASKED[name][number]})
    return study, study.run(material, asked)


def recorded(answered: Answered) -> RecordedStudy:
    result = answered.result
    return RecordedStudy(
        "id", "S1", result.study, result.version, result.parameters, answered.sources,
        answered.digest,
    )  # fmt: skip


def test_every_member_is_tried_here() -> None:
    assert set(ASKED) == {study.name for study in STUDIES}


@every
def test_an_answer_reads_back_and_all_of_it_has_words(
    material: Material, name: str, number: int
) -> None:
    study, answered = ran(material, name, number)
    result = answered.result
    assert read_result(result.data) == result
    assert has(f"study.{name}")
    told = [study.question(result.parameters), *study.answer(result), *study.limits(result)]
    assert all(render_phrase(phrase) for phrase in told)
    assert len(study.answer(result)) >= 1
    for table in result.tables:
        assert has(table.title.key)
        for place, column in enumerate(table.columns):
            assert has(column.heading.key), column
            shown = [column.shown(row[place]) for row in table.rows]
            assert all(render_phrase(each) for each in shown if isinstance(each, Phrase))


@every
def test_a_finding_of_a_row_has_what_its_class_needs_and_no_row_no_finding(
    material: Material, name: str, number: int
) -> None:
    study, answered = ran(material, name, number)
    found = 0
    for table in answered.result.tables:
        for row in range(1, min(len(table.rows), 4) + 1):
            try:
                finding = study.finding(answered.result, table.name, row)
            except FindingNotSupported:
                continue
            found += 1
            assert finding.missing() == ()
            assert "{" not in finding.text("en")
        with pytest.raises(FindingNotSupported):
            study.finding(answered.result, table.name, len(table.rows) + 1)
    assert found or name in ("change", "disk", "pattern", "trace")
    with pytest.raises(FindingNotSupported):
        study.finding(answered.result, "guess", 1)


@every
def test_it_comes_out_again_though_there_are_more_members(
    material: Material, name: str, number: int
) -> None:
    study, answered = ran(material, name, number)
    with pytest.MonkeyPatch.context() as patch:
        add_members(patch)
        assert run_again(study, recorded(answered), material) is Compared.SAME


@pytest.mark.parametrize("number", range(len(ASKED["exposure"])))
def test_an_exposure_keeps_every_sentence_that_the_command_puts_beside_it(
    material: Material, number: int
) -> None:
    study, answered = ran(material, "exposure", number)
    asked, chain = answered.result.parameters, sample_chain()
    labels = material.labels(chain).index
    question = Question(
        asked["address"], asked["cluster"], SIDES[asked["direction"]], asked["policy"],
        asked["hops"], asked["labels_reach_clusters"], asked["also_allegations"],
    )  # fmt: skip
    clusters = clusters_for(chain, labels) if question.needs_clusters else None
    beside = exposure_notes(answer_exposure(chain, labels, question, clusters))
    assert list(study.limits(answered.result)) == beside
    assert Phrase("note.label-allegation") in beside


def test_other_labels_are_not_looked_at_when_it_is_run_again(material: Material) -> None:
    study, answered = ran(material, "cluster", 0)
    assert len(answered.sources["labels"]) > 1
    fewer = {**answered.sources, "labels": answered.sources["labels"][:1]}
    only = recorded(answered)
    run = study.run(material, only.parameters, tuple(fewer["labels"]))
    assert run.sources == fewer
    as_then = replace(only, sources=fewer, result_sha256=run.digest)
    assert run_again(study, as_then, material) is Compared.SAME


def test_other_blocks_are_told_from_a_fault(material: Material) -> None:
    study, answered = ran(material, "cluster", 0)
    other = replace(recorded(answered), result_sha256="0" * 64)
    with pytest.raises(StudyNotReproduced):
        run_again(study, other, material)
    elsewhere = replace(other, sources={**answered.sources, "inputs": ["1" * 64]})
    assert run_again(study, elsewhere, material) is Compared.INPUTS_CHANGED


def test_a_version_or_member_that_is_gone_is_named(material: Material) -> None:
    study, answered = ran(material, "change", 0)
    with pytest.raises(StudyNotReadable) as met:
        run_again(study, replace(recorded(answered), version="99"), material)
    assert "why.study-version-gone" in str(met.value.params["why"])
    asked = dict(answered.result.parameters)
    asked["heuristics"] = [{"name": "gone", "version": "1"}]
    with pytest.raises(StudyNotReadable) as met:
        run_again(study, replace(recorded(answered), parameters=asked), material)
    assert "why.study-member-gone" in str(met.value.params["why"])


def test_a_kept_result_that_was_changed_or_lost_is_refused(
    material: Material, tmp_path: Path
) -> None:
    _, answered = ran(material, "cluster", 0)
    said, path = recorded(answered), tmp_path / "id.json"
    with pytest.raises(StudyNotReadable):
        kept_result(said, tmp_path)
    path.write_bytes(answered.result.data)
    assert kept_result(said, tmp_path) == answered.result
    data = answered.result.data.replace(PAID_ADDRESS.encode(), PAID_ADDRESS[::-1].encode(), 1)
    path.write_bytes(data)
    with pytest.raises(StudyNotReproduced):
        kept_result(said, tmp_path)
    foreign = canonical.dumps({"format": "kancil-study/1"})
    path.write_bytes(foreign)
    with pytest.raises(StudyNotReadable):
        kept_result(replace(said, result_sha256=hashlib.sha256(foreign).hexdigest()), tmp_path)
