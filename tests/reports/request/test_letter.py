"""The letter: what its reader looks for is there, in both languages, and the same every time."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kancil.custody.checkpoint import Checkpoint
from kancil.ground import canonical
from kancil.ground.errors import MemberNotFound
from kancil.ground.words import render
from kancil.legal.request import Draft, Standing, read_draft
from kancil.legal.requests import kinds
from kancil.reports.casework.request.amounts import amount_text, moment_cell, totals
from kancil.reports.casework.request.content import compose
from kancil.reports.casework.request.facts import LetterFacts
from kancil.reports.casework.request.items import MOST_ITEMS, offences_tables
from kancil.reports.casework.request.reply import check_code
from kancil.reports.casework.request.speech import Speech
from kancil.reports.document.printed import tree_of
from tests.legal.letters import AT, MONEY, OFFENCES, TRON, good
from tests.reports import poppler
from tests.reports.request.sample import (
    AUTHORISED,
    FACTS,
    FINDING,
    LAO,
    RESTS,
    THAI,
    UNIT,
    draft,
    made,
    translated,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "letter"
NAMES = [each.name for each in kinds()]


def tree(found: Draft, *, rests: Any = RESTS, authorised: Any = AUTHORISED) -> dict[str, Any]:
    """The letter as its template reads it."""
    speech = Speech(found.language, found.second_language)
    facts = LetterFacts(UNIT, authorised, rests)
    return tree_of(compose(found, kinds().named(found.kind), facts, speech, AT))


def blocks_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks of its parts."""
    return [each for part in found["sections"] for each in part["blocks"]]


def whole(value: Any) -> str:
    """All texts of a letter."""
    return json.dumps(value, ensure_ascii=False)


def golden() -> tuple[str, str]:
    """A letter in two languages as its template reads it, and the digest of its PDF."""
    found = read_draft((GOLDEN / "draft.json").read_bytes())
    with translated(lo=LAO):
        text = json.dumps(tree(found), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        return text, made(found).sha256 + "\n"


def test_the_letter_is_the_one_that_was_accepted() -> None:
    """To accept it as it is now: python tests/reports/make_golden.py, then look at the pages."""
    text, digest = golden()
    assert text == (GOLDEN / "tree.json").read_text(encoding="utf-8")
    assert digest == (GOLDEN / "pdf.sha256").read_text(encoding="ascii")


@pytest.mark.parametrize("kind", NAMES)
def test_each_kind_says_what_it_asks_first_and_what_it_does_not_ask(kind: str) -> None:
    found = tree(good(kind))
    assert found["mark"] == ""
    assert found["title"].startswith(render(f"name.request-title-{kind}"))
    first = found["cover"][0]
    assert (first["block"], first["level"]) == ("paragraph", "lead")
    texts = whole(found)
    assert render(f"letter.not-asked-{kind}") in texts
    assert not re.search(r"(letter|name)\.[a-z-]+", texts), "a word is missing"
    assert "{" not in re.sub(r'[{}]|"[^"]*":', "", first["text"])
    for part in ("our reference LA-2026-7", "duty@unit.example", "Dara S.", "entry 57"):
        assert part in texts, part
    filled = [name for name, text in good(kind).texts.items() if len(text) > 12]
    assert "rights_checked_by" in filled
    for name in filled:
        value = good(kind).texts[name]
        if name == "rights_checked_by":
            assert value not in texts, "who answered the check is the unit's own"
            continue
        day = value[:10] if re.match(r"\d{4}-\d\d-\d\dT", value) else value
        assert day in texts, value


def test_the_fullest_letter_is_printed_for_readers_who_cannot_see() -> None:
    """The typesetter refuses what PDF/UA does not allow, such as a level of headings left out."""
    found = good("mutual-assistance")
    texts = {**found.texts, "facts": "What happened on 8 March.\n" * 300, "procedure": "x " * 400,
             "costs": "None."}  # fmt: skip
    assurances = {"death-penalty": "Not asked for; Ministry of Tests, 2026-03-01"}
    full = replace(found, texts=texts, attachments=("E4", "order.pdf"), assurances=assurances)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made(full).data
    assert "Ministry of Tests" in whole(tree(full))


def test_two_laws_stand_side_by_side_with_source_and_confidence() -> None:
    found = good("mutual-assistance")
    (beside,) = offences_tables(found, Speech("en"))
    assert [each.title for each in beside.columns][1:] == ["Lao PDR", "Thailand"]
    rows = [[" ".join(line.text for line in each) for each in row] for row in beside.rows]
    assert [row[0] for row in rows] == ["Provision", "Text", "Maximum penalty", "Source",
                                        "Confidence"]  # fmt: skip
    assert rows[1][1:] == [OFFENCES[0].text, OFFENCES[1].text]
    assert "2026-02-20" in rows[4][1]
    assert "not stated" in rows[4][2]
    assert whole(tree(found)).count(OFFENCES[0].text) == 1, "a law in a pair stands there alone"
    pair = good("mutual-assistance").pairs[0]
    third = replace(OFFENCES[0], article="13", text="Whoever hides money …")
    more = tree(replace(good("mutual-assistance"), offences=(*pair, third)))
    assert "Whoever hides money" in whole(more)


def test_a_check_that_is_not_whole_is_not_said_to_be_done() -> None:
    draft = good("freeze")
    assert "The human-rights check of this request has been done." in whole(tree(draft))
    partly = replace(draft, rights={"torture": "risk"})
    assert "is not complete" in whole(tree(partly))


@pytest.mark.parametrize("kind", ["freeze", "spontaneous"])
def test_a_draft_says_on_each_page_that_nobody_authorised_it(kind: str, tmp_path: Path) -> None:
    poppler.need("pdftotext", "pdfinfo")
    path = tmp_path / "letter.pdf"
    path.write_bytes(made(good(kind), authorised=None).data)
    pages = int(re.findall(r"Pages: +(\d+)", poppler.run("pdfinfo", path))[0])
    for page in range(1, pages + 1):
        said = poppler.text_of(path, page)
        assert "DRAFT: not authorised" in said
        assert f"Page {page} of {pages}" in said
    assert "Dara S." not in poppler.text_of(path)


def test_what_is_reported_and_what_is_proved_never_look_alike() -> None:
    proved = replace(MONEY, selector="tron-address", value=TRON, standing=Standing.PROVED,
                     proof="T1 output 4", txid="ab" * 32)  # fmt: skip
    said = whole(tree(replace(good("freeze"), items=(MONEY, proved))))
    assert "Reported by Bank of Victims, not proved" in said
    assert "Proved by blocks held" in said
    assert said.count('"manner": "identifier"') == 5, "three in its rows, two on the form"
    assert "2026-03-08 14:05 +07:00" in said
    assert "2026-03-08 07:05 UTC" in said


def test_an_identifier_is_printed_in_one_piece(tmp_path: Path) -> None:
    poppler.need("pdftotext")
    long = "bc1p" + "q" * 58
    item = replace(MONEY, selector="bitcoin-address", value=long, txid="ab" * 32)
    path = tmp_path / "letter.pdf"
    path.write_bytes(made(replace(good("freeze"), items=(item,))).data)
    said = poppler.text_of(path)
    assert said.count(long) >= 2
    assert "ab" * 32 in said


def test_the_second_column_shows_what_is_translated_and_says_what_is_not() -> None:
    with translated(th=THAI):
        said = tree(draft("freeze", "th"))
    assert said["subtitle"].startswith(THAI["name.request-title-freeze"])
    beside = [each for each in blocks_of(said) if each["block"] == "beside"]
    (facts,) = (each for each in beside if each["right"][0]["text"] == FACTS["th"])
    assert facts["right"][0]["language"] == "th"
    assert facts["left"][0]["text"].startswith("On 8 March")
    assert all(line["language"] == "th" for each in beside for line in each["right"])
    assert THAI["letter.untranslated"] in whole(said)
    assert "A. Translator, sworn" in whole(said)


def test_no_english_passes_for_a_letter_in_another_language() -> None:
    with translated(lo={}):
        bare = tree(draft("freeze", language="lo"))
    assert bare["language"] == "en"
    with translated(lo=LAO):
        said = tree(draft("freeze", language="lo"))
    assert said["language"] == "lo"
    assert said["title"].startswith(LAO["name.request-title-freeze"])
    (answer,) = (p for p in said["sections"] if p["title"] == render("letter.section-answer"))
    assert answer["blocks"][0]["language"] == ""
    assert answer["blocks"][1]["language"] == "en"


def test_a_letter_in_lao_or_thai_loses_no_sign() -> None:
    with translated(lo=LAO, th=THAI):
        for kind in ("freeze", "mutual-assistance"):
            for second in ("lo", "th"):
                assert made(draft(kind, second)).replaced == 0
    with pytest.raises(MemberNotFound):
        made(draft(language="tlh"))


@pytest.mark.parametrize("format", ["pdf", "docx", "html", "json", "case"])
def test_the_same_values_give_the_same_bytes(format: str) -> None:
    assert made(draft(), format).data == made(draft(), format).data
    first = made(draft(), format)
    assert first.sha256 != made(draft(reference="LA-2026-8"), format).sha256


def test_what_others_wrote_is_text_and_nothing_else() -> None:
    strange = '#panic(1) <w:t> "quoted" \u202e <script>alert(1)</script>'
    found = draft(texts={**good("freeze").texts, "facts": strange})
    assert made(found).data.startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(made(found, "docx").data)) as file:
        body = file.read("word/document.xml").decode("utf-8")
    assert "&lt;script&gt;" in body
    assert "\u202e" not in body
    page = made(found, "html").data.decode("utf-8")
    assert "<script" not in page


def test_the_text_document_has_letterhead_subject_and_identifier() -> None:
    with (
        translated(lo=LAO),
        zipfile.ZipFile(io.BytesIO(made(draft("freeze", "lo"), "docx").data)) as file,
    ):
        body = file.read("word/document.xml").decode("utf-8")
    order = [body.index(each) for each in ("Cybercrime Unit of Tests", 'w:val="Side"',
                                           'w:val="Subject"', 'w:val="Identifier"')]  # fmt: skip
    assert order == sorted(order)
    assert FACTS["lo"] in body
    assert "0123456789" in body


def test_a_broken_draft_prints_with_what_it_has() -> None:
    item = replace(MONEY, amount="a lot", at="yesterday", value="", keeper="")
    bare = Draft("freeze", "C1", "", "LA", replace(good("freeze").addressee, name="", country=""),
                 items=(item,), findings=("F9",))  # fmt: skip
    missing = replace(RESTS, label="", findings=(replace(FINDING, entry=0, text=""),), bundle=None)
    said = whole(tree(bare, rests=missing, authorised=None))
    assert "a lot" in said
    assert render("letter.finding-missing") in said
    assert render("letter.annex-bundle") not in said
    assert made(bare, authorised=None, rests=missing).data.startswith(b"%PDF")


def test_a_withdrawn_finding_and_a_withdrawn_letter_are_marked() -> None:
    rests = replace(RESTS, findings=(replace(FINDING, is_withdrawn=True),))
    found = tree(draft(), rests=rests)
    assert found["mark"] == render("letter.mark-finding")
    assert render("letter.finding-withdrawn") in whole(found)
    gone = tree(draft(), rests=replace(rests, is_withdrawn=True))
    assert gone["mark"] == render("letter.mark-withdrawn")


def test_rows_beyond_two_hundred_stand_in_an_annex() -> None:
    items = tuple(replace(MONEY, value=f"{number:010d}", amount="1") for number in range(450))
    found = tree(replace(good("freeze"), items=items))
    tables = [each for each in blocks_of(found) if len(each.get("rows", ())) > 12]
    assert [len(each["rows"]) for each in tables] == [MOST_ITEMS, MOST_ITEMS, 50]
    assert "250 more accounts stand in an annex" in tables[0]["note"]
    assert found["sections"][-1]["title"].endswith("401 to 450")
    assert "450\u00a0THB" in found["title"]


def test_the_machine_form_holds_the_stored_draft_byte_for_byte() -> None:
    found = draft()
    data = made(found, "json").data
    value = canonical.loads_canonical(data)
    assert found.data in data
    assert read_draft(canonical.dumps(value["draft"])) == found
    assert value["draft_sha256"] == found.sha256
    assert value["authorised"]["entry"] == 57
    assert value["rests"]["findings"][0]["text"] == FINDING.text
    assert value["rests"]["exhibits"][0]["contents"][0]["sha256"] == "ab" * 32
    assert value["unit"]["zone"] == "Asia/Vientiane"


@pytest.mark.parametrize(
    ("amount", "asset", "shown"),
    [("150000", "THB", "150\u202f000\u00a0THB"), ("0.00000001", "BTC", "0.00000001\u00a0BTC"),
     ("1e3", "USDT", "1\u202f000\u00a0USDT"), ("many", "THB", "many\u00a0THB"), ("", "THB", "THB"),
     ("NaN", "", "NaN")],
)  # fmt: skip
def test_amounts_keep_every_digit(amount: str, asset: str, shown: str) -> None:
    assert amount_text(amount, asset) == shown


def test_sums_are_by_asset_and_exact() -> None:
    amounts = [("0.1", "BTC"), ("0.2", "BTC"), ("x", "BTC"), ("5", "THB")]
    items = [replace(MONEY, amount=amount, asset=asset) for amount, asset in amounts]
    assert totals(items) == ["0.3\u00a0BTC", "5\u00a0THB"]


def test_a_moment_shows_its_own_zone_first() -> None:
    assert [each.text for each in moment_cell("2026-03-08T14:05:30-05:00")] == [
        "2026-03-08 14:05:30 -05:00", "2026-03-08 19:05:30 UTC",
    ]  # fmt: skip
    assert [each.text for each in moment_cell("2026-03-08")] == ["2026-03-08"]


def test_a_proof_is_an_annex_in_words_and_no_label_of_the_unit_alone() -> None:
    own = replace(MONEY, keeper="Bank of Victims", reported_by="Bank of Victims",
                  proof="F1; E4, line 12")  # fmt: skip
    traced = replace(MONEY, standing=Standing.PROVED, proof="T1 output 4", txid="ab" * 32)
    told = whole(tree(replace(good("freeze"), items=(own, traced, MONEY), findings=("F1",))))
    account = own.value
    assert f"Annex 1: statement of account {account}, line 12" in told
    assert "Annex 2: finding that an officer signed" in told
    assert "Output 4 of this transaction, in the public blockchain" in told
    assert "Annex 1: Statement of an account, line 12" in told, "another's table by its title"
    assert "quoted there word for word" in told
    assert '"E4, line 12"' not in told
    assert "2026-03-08 14:05 +07:00 (" in told, "the zone is named"


def test_an_authorised_letter_says_how_to_check_that_it_is_real() -> None:
    found = good("freeze")
    code = check_code(found)
    assert code.replace(" ", "") == found.sha256[:16]
    told = tree(found)
    (genuine,) = (p for p in told["sections"] if p["title"] == render("letter.section-genuine"))
    assert code in whole(genuine)
    assert "a number that you know from elsewhere" in whole(genuine)
    assert told["footer"].endswith(f"Check code {code}")
    assert render("letter.section-genuine") not in whole(tree(found, authorised=None))


def test_a_letter_has_a_form_for_its_answer_with_a_row_for_each_account() -> None:
    other = replace(MONEY, value="0987654321")
    title = render("letter.section-form")
    told = tree(replace(good("freeze"), items=(MONEY, replace(MONEY, amount="9"), other)))
    (form,) = (each for each in told["sections"] if each["title"] == title)
    (rows,) = (each["rows"] for each in form["blocks"] if each["block"] == "table")
    assert [row["cells"][1][0]["text"] for row in rows] == ["0123456789", "0987654321"]
    assert render("letter.form-balance") in whole(form)
    assert "LA-2026-7" in whole(form)
    data = whole(tree(good("subscriber")))
    assert render("letter.form-have") in data
    assert render("letter.form-balance") not in data
    assert title not in whole(tree(good("spontaneous")))


def test_an_annex_says_whether_an_exhibit_is_attached() -> None:
    attached, held = render("letter.exhibit-attached"), render("letter.exhibit-held")
    bare = whole(tree(good("freeze")))
    assert held in bare
    assert attached not in bare
    with_file = whole(tree(replace(good("freeze"), attachments=("E4", "order.pdf"))))
    assert attached in with_file
    assert held not in with_file


CHECKPOINT = Checkpoint(
    data=b"note", unit="unit", scope="ledger", subject=None, size=1, root=bytes(32), at=AT,
    ledger_size=None, ledger_root=None, key_hash=bytes(4), signature=bytes(64),
)  # fmt: skip


@pytest.mark.parametrize(("size", "later"), [(41, "52, 57"), (40, "41, 52, 57"), (60, "")])
def test_a_checkpoint_says_which_named_entries_it_does_not_cover(size: int, later: str) -> None:
    rests = replace(RESTS, checkpoint=replace(CHECKPOINT, size=size))
    said = whole(tree(good("freeze"), rests=rests))
    assert (f"does not cover them: {later}." in said) is bool(later)
    assert ("does not cover them" in said) is bool(later)


def test_facts_name_an_output_without_the_number_of_a_trace_of_the_unit() -> None:
    texts = {**good("freeze").texts, "facts": "It came in a transaction (ab, T14 output 3)."}
    said = whole(tree(replace(good("freeze"), texts=texts)))
    assert "It came in a transaction (ab, output 3)." in said
