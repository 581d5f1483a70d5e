"""The printed report: the same every time, page one alone, nothing passed over in silence."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil import __version__
from kancil.custody.checkpoint import read_checkpoint
from kancil.ground.errors import MemberNotFound
from kancil.ground.reviewers import RECORD, is_signed_off, reviewers
from kancil.ground.units import MAX_MONEY_SAT, grouped
from kancil.ground.words import render, speaking, spoken
from kancil.reports.casework.bundle.content import report_content
from kancil.reports.casework.bundle.manifest import digest_of_analysis
from kancil.reports.casework.prosecutor import closing, make
from kancil.reports.casework.prosecutor.content import report_tree
from kancil.reports.casework.prosecutor.disclosure import contrary_labels, run_row
from kancil.reports.casework.prosecutor.drafts import Unaccepted
from kancil.reports.casework.prosecutor.flow_picture import (
    PAGE_WIDTH,
    WHOLE_PAGE,
    flow_block,
)
from kancil.reports.casework.prosecutor.gather import DISCLOSURE, CaseFacts, Run, gather_case
from kancil.reports.casework.prosecutor.make import (
    LANGUAGES,
    TEMPLATE,
    MadeReport,
    make_report,
)
from kancil.reports.casework.prosecutor.money import methods_section
from kancil.reports.document.printed import FOLDER, block_tree, template
from kancil.reports.errors import LanguageNotSignedOff, ReportNotPrinted
from kancil.reports.pdf.sign import PdfKey, read_pkcs12
from kancil.reports.pdf.typeset import Typeset, typeset
from kancil.studies.drawing.flow import flow_of
from tests.reports import poppler
from tests.reports.make_sample_bundle import label_for, make_sample
from tests.reports.printed_sample import TEXT, TRACE, WITHDRAWN, Case, Printed, printed
from tests.reports.test_pdf_sign import AT, PASSPHRASE, p256, written
from tests.reports.tiny_ledger import CASE, EXHIBIT, OFFICER, key_of, raw_of
from tests.studies.test_flow import random_answers

GOLDEN = Path(__file__).parents[1] / "golden" / "report"
SAMPLES = {
    "en": "The exhibit is intact.",
    "id": "Barang bukti tidak berubah.",
    "km": "ភស្តុតាងមិនត្រូវបានផ្លាស់ប្តូរ។ ក្រុមស៊ើបអង្កេត",
    "lo": "ຫຼັກຖານບໍ່ໄດ້ຖືກປ່ຽນແປງ ນ້ຳ",
    "my": "သက်သေခံပစ္စည်း မပြောင်းလဲပါ။ ကြွေး",
    "th": "หลักฐานไม่ถูกเปลี่ยนแปลง ผู้ตรวจสอบ น้ำ",
    "vi": "Bằng chứng không bị thay đổi",
}


@cache
def tree_and_report(kind: str = "prosecutor") -> tuple[dict[str, Any], MadeReport]:
    """Print the sample; give the data of its template too."""
    return caught(printed(Case(kind=kind)))


@cache
def a_key() -> PdfKey:
    """A key of a test authority; a signed report has no watermark in its text."""
    with tempfile.TemporaryDirectory() as folder:
        return read_pkcs12(written(Path(folder), p256()), PASSPHRASE, at=AT)


def caught(
    sample: Printed | SimpleNamespace, key: PdfKey | None = None
) -> tuple[dict[str, Any], MadeReport]:
    """Print a case; give the data that its template was filled with."""
    seen: dict[str, Any] = {}

    def noting(source: str, tree: Any, files: Any, **options: Any) -> Typeset:
        seen.update(tree)
        return typeset(source, tree, files, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "typeset", noting)
        made = make_report(sample.store, sample.again, sample.order, key)
    return seen, made


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_in(item)


def whole(tree: Any) -> str:
    return "\n".join(texts_in(tree))


def blocks_in(tree: Any, kind: str) -> list[dict[str, Any]]:
    return [one for part in tree["sections"] for one in part["blocks"] if one["block"] == kind]


def part_of(tree: Any, key: str) -> dict[str, Any]:
    title = render(f"note.pdf-{key}")
    (found,) = (part for part in tree["sections"] if part["title"] == title)
    return dict(found)


def golden_tree(tmp_path: Path) -> tuple[str, str]:
    """The sample's data as text, and the digest of its unsigned bytes; the page is a mark."""
    page = tmp_path / "verify.html"
    page.write_bytes(b"the page, whose digest changes with every build")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closing, "PAGE_FILE", page)
        tree, made = caught(printed(Case(kind=DISCLOSURE)))
    text = json.dumps(tree, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    return text, made.unsigned_sha256 + "\n"


def test_the_report_is_the_one_that_was_accepted(tmp_path: Path) -> None:
    """To accept it as it is now: python tests/reports/make_golden.py, then look at the pages."""
    tree, digest = golden_tree(tmp_path)
    assert tree == (GOLDEN / "tree.json").read_text(encoding="utf-8")
    assert digest == (GOLDEN / "unsigned.sha256").read_text(encoding="ascii")


def test_the_same_input_makes_the_same_unsigned_bytes() -> None:
    sample = printed()
    first = make_report(sample.store, sample.again, sample.order, None)
    again = make_report(sample.store, sample.again, sample.order, None)
    assert first.pdf == again.pdf
    assert hashlib.sha256(first.pdf).hexdigest() == first.unsigned_sha256 == first.sha256


def test_it_is_pdf_a_3_and_pdf_ua_and_says_so() -> None:
    _, made = tree_and_report()
    assert b"<pdfaid:part>3</pdfaid:part>" in made.pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in made.pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made.pdf


def test_its_analysis_is_that_of_the_bundle_in_any_language() -> None:
    digest = digest_of_analysis(make_sample().analysis)
    for language in ("en", "km"):
        sample = printed(Case(language=language))
        made = make_report(sample.store, sample.again, sample.order, None)
        assert made.analysis_sha256 == digest
    assert spoken() == "en"


def test_the_attached_files_are_the_bundles_own_bytes(tmp_path: Path) -> None:
    poppler.need("pdfdetach")
    tree, made = tree_and_report()
    path = tmp_path / "r.pdf"
    path.write_bytes(made.pdf)
    poppler.run("pdfdetach", "-saveall", "-o", tmp_path, path)
    analysis = make_sample().analysis
    for name in ("transfers", "holdings", "left_out", "fetch_list", "totals"):
        data = (tmp_path / f"T1-{name}.csv").read_bytes()
        assert data == analysis[f"analysis/traces/1/{name}.csv"]
        assert hashlib.sha256(data).hexdigest() in whole(part_of(tree, "check"))
    assert (tmp_path / "T1-parameters.json").is_file()
    assert (tmp_path / "labels.csv").read_bytes() == analysis["analysis/labels.csv"]


def test_page_one_alone_says_what_was_found_by_whom_and_what_not(tmp_path: Path) -> None:
    poppler.need("pdftotext")
    _, made = caught(printed(), a_key())
    path = tmp_path / "r.pdf"
    path.write_bytes(made.pdf)
    page = poppler.text_of(path, 1)
    wanted = (
        TEXT, "Chain fact", "Attribution by a source", "Dara (sample) (officer 1)", "Page 1 of",
        "2026-11-24 15:10:00 +07:00 (2026-11-24 08:10:00 UTC)", "An address is not a person",
        "What was not examined or not checked",
    )  # fmt: skip
    assert not [words for words in wanted if words not in page]
    assert "2. The flow of the money" in poppler.text_of(path, 2)
    assert "Under FIFO, 10 BTC came here." not in page, "a withdrawn finding is not found"


@pytest.mark.parametrize("count", [0, 1, 7, 40])
def test_however_many_findings_page_one_also_says_what_was_not_looked_at(
    count: int, tmp_path: Path
) -> None:
    poppler.need("pdftotext")
    findings = [
        ("chain-fact", f"Finding of number {n:03d}. " + TEXT * 6, "en") for n in range(count)
    ]
    tree, made = caught(printed(Case(findings=findings, withdrawn=())), a_key())
    path = tmp_path / "r.pdf"
    path.write_bytes(made.pdf)
    assert len(tree["front"]["findings"]) == count
    assert "What was not examined or not checked" in poppler.text_of(path, 1)
    text = " ".join(poppler.text_of(path).split())
    assert [n for n in range(count) if f"Finding of number {n:03d}" not in text] == []
    if not count:
        assert render("note.pdf-no-finding") in text


def test_times_stand_in_the_units_time_and_in_utc_and_are_the_miners_claim() -> None:
    tree, _ = tree_and_report()
    part = part_of(tree, "transfers")
    text = whole(part)
    assert "may be wrong by about two hours" in text
    first = blocks_in(tree, "table")[0]["rows"][0]["cells"][1]
    assert [one["text"] for one in first] == [
        "2009-01-12 10:30:25", "+07:00 Asia/Vientiane", "2009-01-12 03:30:25 UTC",
    ]  # fmt: skip


def test_every_amount_comes_from_the_tables_and_none_is_computed() -> None:
    tree, _ = tree_and_report()
    table = blocks_in(tree, "table")[0]
    csv = make_sample().analysis["analysis/traces/1/transfers.csv"].decode().splitlines()[1:]
    printed_amounts = [row["cells"][3][0]["text"].replace("\u202f", "") for row in table["rows"]]
    assert printed_amounts == [line.split(",")[9] for line in csv]


def test_all_policies_stand_side_by_side_with_their_reversed_orders_and_sources() -> None:
    tree, _ = tree_and_report()
    text = whole(part_of(tree, "methods"))
    for words in ("Poison", "Haircut", "First in, first out, reversed", "Last in, first out",
                  "(chosen)", "Clayton", "Nakamoto", "Its error cannot be measured"):  # fmt: skip
        assert words in text


def test_custody_shows_each_entry_with_its_hash() -> None:
    tree, _ = tree_and_report()
    sample = printed()
    text = whole(part_of(tree, "exhibits"))
    assert "Registry" in text
    for digest in sample.ledger.chains[EXHIBIT]:
        assert digest.hex() in text


def test_disclosure_shows_what_was_taken_back_and_what_nobody_relied_on() -> None:
    tree, _ = tree_and_report(DISCLOSURE)
    text = whole(part_of(tree, "disclosure"))
    assert "Under FIFO, 10 BTC came here." in text
    assert WITHDRAWN in text
    assert render("note.pdf-not-relied-on") in text
    assert "e" * 64 in text, "the digest of the run that was put aside"
    assert render("note.pdf-withheld-none") in text
    assert "label-repeated" in text, "what could not be read, by its reason"
    for_prosecutor, _ = tree_and_report()
    assert render("note.pdf-not-taken-back", count=1) in for_prosecutor["front"]["missing"]
    assert render("note.pdf-disclosure") not in whole(for_prosecutor)


def test_a_finding_that_was_written_and_not_accepted_stands_in_the_disclosure() -> None:
    sample = printed(Case(kind=DISCLOSURE))
    draft = Unaccepted(
        number=2, state="set-aside", trace=TRACE, finding_class="attribution", row=3,
        remark="I doubted the label.", saved_by="Boun (sample)", saved_at=sample.order.at,
        version=4,
    )  # fmt: skip
    tree, _ = caught(replace(sample, order=replace(sample.order, drafts=(draft,))))
    text = whole(part_of(tree, "disclosure"))
    rests = render("note.pdf-draft-of", trace="T1", row=3, version=4)
    state = render("web.draft-state.set-aside")
    for words in ("D2", state, "I doubted the label.", "Boun (sample)", rests):
        assert words in text
    without, _ = tree_and_report(DISCLOSURE)
    assert render("note.pdf-drafts-none") in whole(part_of(without, "disclosure"))


def test_page_one_says_by_which_program_that_a_policy_was_chosen_and_what_lies_aside() -> None:
    tree, _ = tree_and_report()
    front = whole(tree["front"])
    for words in (
        render("note.pdf-made-with", version=__version__),
        "Not proved, but chosen: which coins went where, by the policy First in, first out.",
        render("note.pdf-not-relied", count=1, aside=1),
    ):
        assert words in front
    assert "Dara (sample) (officer 1)" in front


def test_an_entry_of_the_server_names_the_person_in_every_table() -> None:
    sample = printed()
    ledger, server = sample.ledger, "01936000-0000-7000-8000-0000000000a1"
    public = base64.b64encode(raw_of(key_of("server"))).decode()
    ledger.add(
        "officer.added",
        {"name": "Workbench", "number": 2, "officer": server, "public_key": public,
         "role": "server", "vouched_by": OFFICER, "vouched_how": "first start"},
        key=key_of("officer"), officer=OFFICER,
    )  # fmt: skip
    behalf = {"account": "dara", "authenticated_by": "passkey", "officer": OFFICER}
    ledger.add(
        "exhibit.stored", {"place": "Shelf 9", "on_behalf": behalf}, key=key_of("server"),
        officer=server, case=CASE, exhibit=EXHIBIT,
    )  # fmt: skip
    order = replace(sample.order, checkpoint=read_checkpoint(ledger.checkpoint()))
    tree, _ = caught(replace(sample, order=order))
    text = whole(part_of(tree, "exhibits"))
    told = (
        "Dara (sample) (officer 1): signed for by the server Workbench (officer 2), which says "
        "that the account dara was recognised by a passkey"
    )
    assert text.count(told) == 2, "where the exhibit is, and in its history"


def test_what_is_kept_back_is_listed_with_digest_and_reason_and_nothing_of_it_is_shown() -> None:
    for kind in ("prosecutor", DISCLOSURE):
        case = Case(kind=kind, withheld=("7=names a protected witness",))
        tree, _ = caught(printed(case))
        text = whole(tree)
        assert "Registry" not in text
        assert "names a protected witness" in text
        assert printed().ledger.hashes[6].hex() in text
        assert render("note.pdf-not-withheld", count=1) in text
        assert render("note.pdf-event-withheld") in text


def test_one_field_that_is_kept_back_is_marked_and_the_rest_of_its_entry_stays() -> None:
    case = Case(kind=DISCLOSURE, withheld=("7.to=names a protected witness", "7.to=a witness"))
    tree, _ = caught(printed(case))
    text, mark = whole(tree), render("note.pdf-kept-back")
    assert "Registry" not in text
    assert "court archive" in text
    assert f"deposited with {mark}" in text
    assert "a witness" in text
    assert "names a protected witness" not in text, "the last reason counts, once"
    assert render("note.pdf-withheld-field", field=render("name.pdf-to")) in text
    assert printed().ledger.hashes[6].hex() in text


def test_a_finding_that_is_kept_back_is_nowhere_in_the_report() -> None:
    tree, _ = caught(printed(Case(kind=DISCLOSURE, withheld=("10=witness",))))
    assert TEXT not in whole(tree)


def test_an_entry_after_the_checkpoint_is_not_looked_at() -> None:
    sample = printed()
    note = sample.ledger.note(
        f"kancil/{sample.order.checkpoint.unit}", sample.ledger.hashes[:10],
        "time 2026-11-24T09:00:00.000000Z",
    )  # fmt: skip
    order = replace(sample.order, checkpoint=read_checkpoint(note))
    facts = gather_case(sample.store, order, shown=[], sources=[])
    assert [one.text for one in facts.stated.findings] == [TEXT]


def test_labels_that_say_different_things_of_one_address_are_told_as_contrary() -> None:
    same = label_for("A")
    other = replace(same, publisher="Other", label="Sample Exchange", category="exchange")
    again = replace(same, publisher="Third")
    assert contrary_labels((same, again)) == {}
    assert contrary_labels((same, replace(other, address="B"))) == {}
    found = contrary_labels((again, other, same))
    assert [number for number, _ in found["A"]] == [1, 2, 3]


def labelled(seed: int) -> dict[str, Any]:
    """A report's data on an invented network whose addresses an invented publisher labels."""
    answers = random_answers(seed)
    sample = printed()
    facts = gather_case(sample.store, sample.order, shown=[], sources=[])
    return report_tree(
        facts, answers, sample.order, [], labels=("T1",), analysis_sha256="a" * 64, key=None
    )


def test_a_label_is_printed_with_publisher_law_and_dates() -> None:
    trees = [labelled(seed) for seed in range(6)]
    texts = [whole(part_of(tree, "labels")) for tree in trees]
    told = [text for text in texts if "Sample Publisher" in text]
    assert told
    for text in told:
        for words in ("Law", "2026-11-01", "listing date not known", "Sample"):
            assert words in text
    assert any(render("note.report-labels-none") in text for text in texts) or len(told) == 6


def test_an_upper_bound_of_all_coins_that_can_ever_be_is_explained() -> None:
    """A judge reads 2 100 000 000 000 000 as an amount; where no row has it, nothing is said."""
    bound = grouped(MAX_MONEY_SAT)
    told = render("note.pdf-all-coins", amount=bound)
    assert told not in whole(part_of(tree_and_report()[0], "methods"))
    (trace, *_), labels = report_content(make_sample().answers).traces, ["T1"]
    others = len(trace.compared.columns) - 1
    compared = replace(trace.compared, rows=[["x:0", *[f"0–{bound}"] * others]])
    content = report_content(make_sample().answers)
    changed = replace(content, traces=[replace(trace, compared=compared)])
    assert told in whole([block_tree(one) for one in methods_section(changed, labels).blocks])


def test_a_test_network_is_watermarked_and_warned_of_on_page_one() -> None:
    tree = labelled(1)
    assert "regtest" in tree["front"]["warning"]
    for key in (None, a_key()):
        sample = printed()
        facts = gather_case(sample.store, sample.order, shown=[], sources=[])
        tree = report_tree(
            facts, random_answers(1), sample.order, [], labels=("T1",), analysis_sha256="a" * 64,
            key=key,
        )  # fmt: skip
        assert tree["watermark"]
        assert tree["mark"]
    assert tree["watermark"] == "regtest: NOT REAL MONEY"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_set_in_regular_and_bold_without_a_box(language: str) -> None:
    """A glyph that no font has is an error of PDF/A, so that it compiles is the test."""
    text = SAMPLES[language]
    source = (
        '#let tree = json(bytes(sys.inputs.tree))\n#set document(title: "x", date: '
        "datetime(year: 2026, month: 1, day: 1))\n"
        '#set text(lang: tree.language, font: ("Noto Sans Khmer", "Noto Sans Thai", '
        '"Noto Sans Lao", "Noto Sans Myanmar", "Noto Sans"))\n#tree.text\n\n*#tree.text*'
    )
    made = typeset(source, {"text": text, "language": language}, [], at=AT)
    assert not made.replaced
    fonts = set(re.findall(rb"/FontName ?/[A-Z]{6}\+(NotoSans\w*-\w+)", uncompressed(made.pdf)))
    assert {name.rsplit(b"-", 1)[1] for name in fonts} == {b"Regular", b"Bold"}


def uncompressed(pdf: bytes) -> bytes:
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n", pdf):
        try:
            parts.append(zlib.decompressobj().decompress(pdf[found.end() :]))
        except zlib.error:
            continue
    return b"\n".join(parts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_nobody_signed_off_is_a_watermarked_preview_and_never_signed(
    language: str,
) -> None:
    key = a_key()
    sample = printed(Case(language=language))
    tree, made = caught(sample)
    assert not made.is_signed
    assert tree["watermark"]
    assert tree["mark"]
    if is_signed_off(language):
        assert make_report(sample.store, sample.again, sample.order, key).is_signed
        return
    assert render("note.pdf-kind-prosecutor", language) != render("note.pdf-kind-prosecutor", "en")
    assert render("note.pdf-kind-prosecutor", language) in whole(tree)
    assert TEXT in whole(tree), "the text that was accepted is the authority"
    with pytest.raises(LanguageNotSignedOff):
        make_report(sample.store, sample.again, sample.order, key)


def test_english_alone_is_signed_off_and_by_name() -> None:
    assert [language for language in LANGUAGES if is_signed_off(language)] == ["en"]
    assert reviewers("xx") == ()
    assert RECORD.is_file()


def test_speaking_is_over_when_the_block_ends() -> None:
    with speaking("km"), speaking("th"):
        assert spoken() == "th"
    assert spoken() == "en"


def test_a_kind_or_a_language_that_is_not_known_is_refused_by_name() -> None:
    for case in (Case(kind="poster"), Case(language="xx"), Case(language="../en")):
        sample = printed(case)
        with pytest.raises(MemberNotFound):
            make_report(sample.store, sample.again, sample.order, None)


HOSTILE = (
    '#import "@preview/x:1.0.0": * #panic("run") $ [ ] { } " \\ <label> @ref // /* \u202e\u0000'
    " 日本 😀 " + "W" * 4000 + ' #read("/etc/passwd") *bold*\n= Heading'
)


def test_hostile_words_are_text_and_what_no_font_has_is_said(tmp_path: Path) -> None:
    findings = [("chain-fact", HOSTILE, "en"), (HOSTILE, "x", HOSTILE), ("attribution", "", "")]
    sample = printed(Case(title=HOSTILE, findings=findings, withdrawn=()))
    tree, made = caught(sample, a_key())
    assert made.replaced["日"] >= 2
    assert made.replaced["\u202e"] >= 2
    path = tmp_path / "r.pdf"
    path.write_bytes(made.pdf)
    poppler.need("pdftotext")
    text = poppler.text_of(path)
    assert "written as" in text
    assert "U+65E5U+672C" in text
    assert '#panic("run")' in text
    assert text.count("W") > 8000
    assert tree["kind"] == "Report for the prosecutor"


def test_no_template_imports_a_package_or_reads_a_file() -> None:
    paths = [*FOLDER.glob("*.typ"), *TEMPLATE]
    assert len(paths) == 7
    sources = {str(path): path.read_text(encoding="utf-8") for path in paths}
    for name, source in sources.items():
        code = "\n".join(line.partition("//")[0] for line in source.splitlines())
        reaching = r"\b(?:import|include|read|csv|yaml|toml|xml|cbor|plugin)\b[ (\"]"
        assert not re.search(reaching, code), name
        assert "@preview" not in source
        assert "@local" not in source
        sources_of_data = {"bytes(sys.inputs.tree", "bytes(sys.inputs.files"}
        assert set(re.findall(r"json\(([^)]*)\)", code)) <= sources_of_data
    assert template(*TEMPLATE).index("#let kancil(") < template(*TEMPLATE).index("#show: kancil")


def test_a_template_that_asks_for_a_package_or_a_file_is_refused() -> None:
    for source in ('#import "@preview/cetz:0.3.4"', '#read("/etc/hostname")', '#panic("x")'):
        with pytest.raises(ReportNotPrinted):
            typeset(source, {}, [], at=AT)


@settings(max_examples=40)
@given(st.integers(0, 2**32))
def test_any_flow_fits_on_its_page(seed: int) -> None:
    answers = random_answers(seed)
    block = flow_block(flow_of(answers.answers[0], answers), "T1").values
    unit = float(block["unit"])
    assert (block["width"] + 2 * block["margin"]) * unit <= PAGE_WIDTH + 0.1
    assert block["height"] * unit <= WHOLE_PAGE + 0.1
    for box in block["boxes"]:
        assert -block["margin"] <= box["x"]
        assert box["x"] + box["width"] <= block["width"] + block["margin"]
        assert box["y"] + box["height"] <= block["height"]


@pytest.mark.parametrize("starts", [0, 3, 5])
def test_starts_of_a_run_that_have_no_room_in_the_list_are_counted(starts: int) -> None:
    asked = {"starts": [{"outpoint": f"{n:064x}:0"} for n in range(starts)]}
    body = {"provenance": {"parameters": asked}, "result_sha256": "ab" * 32}
    run = SimpleNamespace(
        entry=SimpleNamespace(at=AT, body=body, kind="trace.run"),
        label="T1",
        findings=(),
        is_shown=False,
        is_draft=False,
    )
    found = SimpleNamespace(zone=ZoneInfo("UTC"), acted=lambda _entry: "Anna")
    row = str(run_row(cast("Run", run), cast("CaseFacts", found)))
    assert row.count(":0") >= min(starts, 3)
    assert (f"and {starts - 3} more starts" in row) == (starts > 3)
