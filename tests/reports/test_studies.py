"""Recorded studies in bundles and printed reports: run again, shown as recorded, checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.network import MAINNET
from kancil.custody.cases import record_study
from kancil.custody.roll import Roll
from kancil.desk.studies.material import material_of
from kancil.ground.ids import StudyId, UnitId, new_id
from kancil.ground.words import render
from kancil.ground.workspace import Unit, Workspace
from kancil.records.table import Holds
from kancil.reports.casework.bundle.analyse import analyse
from kancil.reports.casework.bundle.archive import read_archive
from kancil.reports.casework.bundle.checker.verdict import EXIT_NOT_CONFIRMED, NOTHING
from kancil.reports.casework.bundle.checker.verify import verify_bundle, verify_bytes
from kancil.reports.casework.bundle.content_studies import NOTES, study_content
from kancil.reports.casework.bundle.studies import (
    INPUTS_CHANGED,
    INPUTS_GONE,
    SAME,
    VERSION_GONE,
    CitedStudy,
    study_member,
)
from kancil.reports.casework.bundle.write import write_bundle
from kancil.reports.casework.recorded import (
    Chosen,
    chosen,
    free_in_bundle,
    free_in_report,
    run_again,
)
from kancil.reports.errors import BundleNothingToShow, TraceNotFound
from kancil.studies.change.study import CHANGE
from kancil.studies.errors import StudyNotFound, StudyNotReadable, StudyNotReproduced
from kancil.studies.study import Answered, Material, read_result
from tests.page.browser import open_desk
from tests.reports import poppler
from tests.reports.attacks.attack import NOBODY
from tests.reports.attacks.forge import WITNESS, Forgery
from tests.reports.attacks.studies import STUDY_ENTRY, attacks, forgery
from tests.reports.printed_sample import Case, printed
from tests.reports.sample_studies import TXID, answers_with, change, cited, exposure
from tests.reports.test_prosecutor import caught, part_of, whole
from tests.reports.test_write import NO_VAULT, Desk
from tests.reports.test_write import open_desk as open_case
from tests.reports.tiny_chain import FIRST_600

FIRST_PAYMENT = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"


@dataclass
class Unit600:
    """A workspace with the first 600 blocks, and an open case on a ledger in memory."""

    workspace: Workspace
    desk: Desk

    @property
    def material(self) -> Material:
        return material_of(self.workspace)

    @property
    def shown(self) -> Chosen:
        roll = self.desk.ledger.folded(Roll)
        return chosen(roll, roll.case(self.desk.case))

    def ask(self) -> Answered:
        """The change of the first payment."""
        asked = CHANGE.ask(self.material, {"chain": "main", "txid": FIRST_PAYMENT})
        return CHANGE.run(self.material, asked)

    def record(self, answered: Answered, **provenance: Any) -> None:
        """Record it as the unit's job does."""
        study, data = StudyId(new_id()), answered.result.data
        self.workspace.studies_dir.mkdir(exist_ok=True)
        (self.workspace.studies_dir / f"{study}.json").write_bytes(data)
        record_study(
            self.desk.ledger, case=self.desk.case, study=study,
            provenance={**answered.provenance, **provenance}, result_sha256=answered.digest,
            by=self.desk.by,
        )  # fmt: skip

    def bundle(self, out: Path) -> Path:
        again = run_again(self.shown, self.workspace)
        write_bundle(
            out, ledger=self.desk.ledger, vault=NO_VAULT, case=self.desk.case, chain=again.chain,
            recorded=again.recorded, labels_of=again.labels_of, studies=again.studies,
            by=self.desk.by, unit_signer=self.desk.unit_signer, purpose="to the prosecutor",
        )  # fmt: skip
        return out


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chains")
    ingest(folder / "main", [FIRST_600], network=MAINNET)
    return folder


@pytest.fixture
def unit(chains: Path, tmp_path: Path) -> Unit600:
    (tmp_path / "labels").mkdir()
    (tmp_path / "chains").symlink_to(chains)
    about = Unit(UnitId(new_id()), "Sample Unit", "LA", ZoneInfo("Asia/Vientiane"), "en")
    return Unit600(Workspace(tmp_path, about), open_case())


def other(answered: Answered) -> Answered:
    """The same study with another answer."""
    tables = tuple(replace(one, rows=()) for one in answered.result.tables)
    return replace(answered, result=replace(answered.result, tables=tables))


def test_a_study_of_a_case_without_a_trace_leaves_in_a_bundle_that_holds_nothing_of_a_chain(
    unit: Unit600, tmp_path: Path
) -> None:
    answered = unit.ask()
    unit.record(answered)
    out = unit.bundle(tmp_path / "bundle.zip")
    members = read_archive(out.read_bytes()).members
    manifest = json.loads(members["MANIFEST.json"])
    assert (manifest["format"], manifest["network"]) == ("kancil-bundle/3", "none")
    assert members[study_member(1)] == answered.result.data
    assert not [name for name in members if name.startswith("analysis/proofs/")]
    made = list(unit.desk.ledger.entries())[-1]
    assert made.body["studies"] == [unit.shown.studies[0].id]
    verdict = verify_bundle(out)
    assert (verdict.answer, verdict.problems) == ("unchanged", [])
    assert verdict.exit_status == EXIT_NOT_CONFIRMED
    assert verdict.steps["chain"].state == NOTHING
    assert {one.code for one in verdict.steps["table"].said} >= {"study-recorded", "report-same"}
    assert [one.code for one in verdict.steps["table"].not_checked] == ["studies-not-computed"]
    assert render(f"note.bundle-state-{NOTHING}") == "nothing to check"


def test_a_study_that_comes_out_again_is_the_same(unit: Unit600) -> None:
    unit.record(unit.ask())
    (one,) = run_again(unit.shown, unit.workspace).studies
    assert (one.cited.run_again, one.label) == (SAME, "S1")
    assert set(one.sources) == set(unit.ask().sources["inputs"])


def test_over_other_blocks_it_is_shown_as_recorded_and_said_not_to_be_compared(
    unit: Unit600, tmp_path: Path
) -> None:
    answered = other(unit.ask())
    unit.record(answered, inputs=["ab" * 32])
    (one,) = run_again(unit.shown, unit.workspace).studies
    assert (one.cited.run_again, one.cited.data) == (INPUTS_CHANGED, answered.result.data)
    members = read_archive(unit.bundle(tmp_path / "b.zip").read_bytes()).members
    said = "Blocks or labels held have changed since, so the result was not compared"
    assert said in members["analysis/report.html"].decode()
    codes = {one.code for one in verify_bundle(tmp_path / "b.zip").steps["table"].said}
    assert "study-again-inputs-changed" in codes


def test_over_the_same_blocks_another_answer_goes_into_no_document(unit: Unit600) -> None:
    unit.record(other(unit.ask()))
    with pytest.raises(StudyNotReproduced):
        run_again(unit.shown, unit.workspace)


@pytest.mark.parametrize("gone", [{"version": "0"}, {"method": "oracle"}])
def test_a_version_that_is_not_here_is_shown_as_recorded_and_said_not_to_be_run_again(
    unit: Unit600, gone: dict[str, str], tmp_path: Path
) -> None:
    answered = unit.ask()
    study, version = gone.get("method", CHANGE.name), gone.get("version", "1")
    result = replace(answered.result, study=study, version=version)
    answered = replace(answered, result=result)
    unit.record(answered)
    (one,) = run_again(unit.shown, unit.workspace).studies
    assert one.cited.run_again == VERSION_GONE
    verdict = verify_bundle(unit.bundle(tmp_path / "b.zip"))
    assert verdict.problems == []
    shown = study_content(1, one.cited)
    assert shown.answer == [render("note.study-no-words")]
    assert "It was not run again" in shown.run_again
    assert shown.tables


def test_over_blocks_that_are_not_held_any_more_it_is_shown_as_recorded(
    unit: Unit600, tmp_path: Path
) -> None:
    answered = unit.ask()
    gone = replace(answered.result, parameters={**answered.result.parameters, "chain": "gone"})
    unit.record(replace(answered, result=gone))
    (one,) = run_again(unit.shown, unit.workspace).studies
    assert one.cited.run_again == INPUTS_GONE
    assert "are not held any more" in study_content(1, one.cited).run_again
    verdict = verify_bundle(unit.bundle(tmp_path / "b.zip"))
    assert verdict.problems == []
    assert "study-again-inputs-gone" in {one.code for one in verdict.steps["table"].said}


def test_a_kept_result_that_was_changed_goes_into_no_document(unit: Unit600) -> None:
    unit.record(unit.ask())
    (path,) = unit.workspace.studies_dir.iterdir()
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(StudyNotReproduced):
        run_again(unit.shown, unit.workspace)
    path.unlink()
    with pytest.raises(StudyNotReadable):
        run_again(unit.shown, unit.workspace)


def test_studies_are_chosen_by_number_by_id_or_none_of_them(unit: Unit600) -> None:
    unit.record(unit.ask())
    roll = unit.desk.ledger.folded(Roll)
    case = roll.case(unit.desk.case)
    (all_of,) = chosen(roll, case).studies
    for names in (["S1"], ["s1"], [all_of.id]):
        assert chosen(roll, case, None, names).studies == (all_of,)
    assert chosen(roll, case, None, ["none"]).entries == ()
    with pytest.raises(StudyNotFound):
        chosen(roll, case, None, ["S2"])
    with pytest.raises(TraceNotFound):
        chosen(roll, case, ["T1"])
    with pytest.raises(BundleNothingToShow):
        run_again(chosen(roll, case, None, ["none"]), unit.workspace)


def test_the_entry_of_a_study_that_is_shown_cannot_be_kept_back(unit: Unit600) -> None:
    unit.record(unit.ask())
    roll = unit.desk.ledger.folded(Roll)
    case, n = roll.case(unit.desk.case), unit.shown.studies[0].entry.n
    none = Chosen(())
    assert n in free_in_bundle(unit.desk.ledger, case, none)
    assert n not in free_in_bundle(unit.desk.ledger, case, unit.shown)
    assert n not in free_in_report(unit.desk.ledger, case, unit.shown)


def test_a_bundle_with_a_trace_and_studies_is_of_format_3_and_intact() -> None:
    members = forgery().members()
    assert json.loads(members["MANIFEST.json"])["format"] == "kancil-bundle/3"
    verdict = verify_bytes(forgery().make())
    assert (verdict.answer, verdict.problems) == ("unchanged", [])
    said = [remark.sentence() for remark in verdict.steps["table"].said]
    assert "Study 1 is the result that the ledger recorded when it was run." in said
    assert verdict.statements is not None
    assert [one.study for one in verdict.statements.studies] == ["exposure", "change"]


def test_a_sealed_study_is_not_compared_and_says_so() -> None:
    verdict = verify_bytes(forgery(declared={STUDY_ENTRY: WITNESS}).make())
    assert verdict.answer == "unchanged"
    codes = {remark.code for remark in verdict.steps["table"].not_checked}
    assert codes >= {"study-sealed", "studies-not-computed"}


WANTED = {
    "another result than the ledger names": "study-digest",
    "named in another order": "study-digest",
    "one named twice": "studies-not-recorded",
    "one named that no entry records": "studies-not-recorded",
    "another question in the entry": "study-differs",
    "a truth for a number in the question": "study-differs",
    "a file beside the result": "member-unknown",
    "labels where there is no trace": "member-unknown",
    "older format claimed": "format-of-members",
    "newer format claimed without studies": "format-of-members",
}


def test_each_lie_about_a_study_is_found_for_its_own_reason() -> None:
    files = {one.name.removeprefix("studies: "): one for one in attacks() if one.by != NOBODY}
    wanted = dict(WANTED)
    wanted |= {name: "study-form" for name in files if name.endswith(", recorded so")}
    assert len(wanted) > 25
    for name, code in wanted.items():
        found = {problem.code for problem in verify_bytes(files[name].data).problems}
        assert code in found, (name, found)


@pytest.mark.browser
def test_the_page_says_what_was_compared_and_what_was_not(browser: Browser) -> None:
    desk = open_desk(browser)
    answer = desk.check(forgery().make())
    assert (answer.verdict, answer.states["table"]) == ("unchanged", "ok")
    assert "What a study answers was not computed again" in answer.texts["table"]
    assert "The results of 2 studies are, to the byte" in answer.texts["table"]
    answer = desk.check(forgery(traces=False).make())
    assert (answer.verdict, answer.states["chain"]) == ("unchanged", "nothing")
    assert "Nothing of a blockchain is in this bundle" in answer.texts["chain"]
    answer = desk.check(forgery(declared={STUDY_ENTRY: WITNESS}).make())
    assert "1 result of a study is not compared with the ledger" in answer.texts["table"]
    apart = cited(exposure()) + cited(change(), run_again=INPUTS_CHANGED)
    text = desk.check(Forgery(studies=apart).make()).texts["table"]
    assert "blocks or labels have changed since these studies were run" in text
    digest = {"bend_analysis": lambda members: members.update({study_member(1): change().data})}
    answer = desk.check(forgery(**digest).make())
    assert (answer.verdict, answer.states["table"]) == ("not-intact", "bad")
    assert "Study 1: the ledger recorded another result." in answer.texts["table"]
    assert desk.faults == []


def test_the_report_of_a_bundle_shows_question_answer_tables_and_limits_once() -> None:
    studies = cited(exposure(), change())
    page = analyse(answers_with(studies))["analysis/report.html"].decode()
    for study in studies:
        shown = study_content(1, study)
        assert page.count(f"<li>{shown.answer[0]}</li>") == 1
        assert all(page.count(f"<h3>{one.caption}</h3>") >= 1 for one in shown.tables)
        assert study.digest in page
    limit = study_content(1, studies[0]).limits[0].replace("'", "&#39;")
    assert page.count(f"<li>{limit}</li>") == 1


def test_words_of_others_in_a_study_are_text_in_the_report() -> None:
    table = exposure().table("labels")
    place = [one.name for one in table.columns].index("label")
    row = (*table.rows[0][:place], "<img src=x>\u202eabc", *table.rows[0][place + 1 :])
    tables = tuple(
        replace(one, rows=(row,)) if one.name == "labels" else one for one in exposure().tables
    )
    page = analyse(answers_with(cited(replace(exposure(), tables=tables))))["analysis/report.html"]
    assert "&lt;img src=x&gt;⟨U+202E⟩abc" in page.decode()


def test_a_result_that_a_member_cannot_read_has_tables_and_no_words() -> None:
    bare = replace(exposure(), tables=exposure().tables[:1], parameters={})
    shown = study_content(1, CitedStudy(bare.data, SAME))
    assert shown.answer == [render("note.study-no-words")]
    assert [one.caption for one in shown.tables] == ["Subject"]
    assert study_content(1, CitedStudy(b"none", SAME)).result is None


@pytest.mark.parametrize("kind", ["prosecutor", "disclosure"])
def test_a_printed_report_has_a_section_a_study_and_its_tables_as_files(
    kind: str, tmp_path: Path
) -> None:
    poppler.need("pdfdetach")
    studies = cited(exposure()) + cited(change(), run_again=INPUTS_CHANGED)
    tree, made = caught(printed(Case(studies=studies, kind=kind)))
    titles = [part["title"] for part in tree["sections"]]
    (first,) = (part for part in tree["sections"] if part["title"].startswith("S1. How much"))
    (second,) = (part for part in tree["sections"] if part["title"].startswith("S2. Which output"))
    assert titles.index(first["title"]) == titles.index(render("note.pdf-methods")) + 1
    assert first["blocks"][0]["lines"] == study_content(1, studies[0]).answer
    assert "so the result was not compared" in whole(second)
    asked = tree["front"]["facts"]["rows"][0][1]
    assert [line["tag"] for line in asked] == ["T1", "S1", "S2"]
    assert asked[1]["text"].startswith("How much of what the address 1NpHuti9\u2026Q5N53d [")
    assert "Based on S1." in whole(tree["front"])
    path = tmp_path / "r.pdf"
    path.write_bytes(made.pdf)
    poppler.run("pdfdetach", "-saveall", "-o", tmp_path, path)
    for label, result in (("S1", exposure()), ("S2", change())):
        assert (tmp_path / f"{label}-result.json").read_bytes() == result.data
        for table in result.tables:
            assert (tmp_path / f"{label}-{table.name}.csv").read_bytes() == table.csv()
    digest = hashlib.sha256(exposure().table("rows").csv()).hexdigest()
    assert digest in whole(part_of(tree, "check"))
    if kind == "disclosure":
        assert "Which output of transaction" in whole(part_of(tree, "disclosure"))


def test_every_cell_of_a_study_is_printed() -> None:
    tree, _ = caught(printed(Case(studies=cited(exposure()))))
    (part,) = (one for one in tree["sections"] if one["title"].startswith("S1."))
    text = whole(part)
    assert TXID in text
    for table in exposure().tables:
        if table.name == NOTES:
            continue
        for row in table.rows:
            for column, value in zip(table.columns, row, strict=True):
                if column.holds in (Holds.ID, Holds.TEXT) and value:
                    assert str(value) in text, (table.name, column.name)


def test_a_report_without_a_trace_says_nothing_of_blocks_and_policies() -> None:
    studies = cited(exposure(), change())
    tree, made = caught(printed(Case(studies=studies, traces=False)))
    titles = [part["title"] for part in tree["sections"]]
    assert render("note.pdf-flow") not in titles
    assert render("note.pdf-methods") not in titles
    assert [title[:3] for title in titles[:2]] == ["S1.", "S2."]
    assert made.analysis_sha256 == printed_analysis(studies)
    names = [one for one in whole(part_of(tree, "check")).split("\n") if one.endswith(".csv")]
    assert "labels.csv" not in names
    assert "S1-rows.csv" in names


def printed_analysis(studies: tuple[CitedStudy, ...]) -> str:
    """The digest of the bundle of the same analysis."""
    members = forgery(traces=False).members()
    assert read_result(members[study_member(1)]).data == studies[0].data
    return str(json.loads(members["MANIFEST.json"])["analysis_sha256"])


def test_the_last_day_of_an_ended_legal_basis_stands_on_page_one(tmp_path: Path) -> None:
    poppler.need("pdftotext")
    _, made = caught(printed(Case(expires_on="2026-10-31")))
    path = tmp_path / "r.pdf"
    path.write_bytes(made.pdf)
    page = " ".join(poppler.text_of(path, 1).split())
    assert "The legal basis of this case ended on 2026-10-31, before this was made." in page
