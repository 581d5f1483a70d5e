"""Page one of the printed report: five questions answered in sentences, names whole in notes."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from kancil.records.finding import Finding
from kancil.reports.casework.bundle.statements import StatedFinding
from kancil.reports.casework.prosecutor import front
from kancil.reports.casework.prosecutor.gather import CaseFacts
from kancil.reports.casework.prosecutor.make import TEMPLATE
from kancil.reports.document.printed import template
from tests.reports import poppler
from tests.reports.printed_sample import Case, printed
from tests.reports.sample_studies import change, cited
from tests.reports.test_prosecutor import (
    a_key,
    blocks_in,
    caught,
    labelled,
    tree_and_report,
    whole,
)

FIVE = {
    "what was asked, by whom, and under which law": (
        "Sample Cybercrime Unit", "an order, 12/2026, Sample Court", "Where did the 50 BTC go?",
        "made on 9 January 2009 (block 9)",
    ),
    "how much": ("50 BTC, which is 5 000 000 000 satoshi.",),
    "where it went": (
        "Of the 50 BTC asked about, 10 BTC went to the key 04ae1a62\u20266cd84c [2]",
        "and 40 BTC back to the payer, the key 0411db93\u2026b412a3 [3]",
        "all of them are unspent in the blocks held", "18 BTC at 0411db93\u2026b412a3 [3]",
    ),
    "when": ("From 12 January 2009, 10:30 (block 170) to 15 January 2009, 03:40 (block 496)",),
    "how sure it is, and what is not known": (
        "Proved: the payments stand in the blockchain (8 transactions in 10 blocks).",
        "Not proved, but chosen", "The officer's reason: The court in this country follows",
        "Not known: whether coins were spent after the blocks held (outputs: 5).",
        "No imported label names any of these addresses.",
        "Not known: who held a key. An address is not a person.",
    ),
}  # fmt: skip
"""What a prosecutor asks, and the words of the sample's page one that answer."""


@pytest.mark.parametrize("question", FIVE)
def test_page_one_alone_answers_five_questions(question: str, tmp_path: Path) -> None:
    poppler.need("pdftotext")
    _, made = caught(printed(), a_key())
    path = tmp_path / "r.pdf"
    path.write_bytes(made.pdf)
    page = " ".join(poppler.text_of(path, 1).split())
    assert [words for words in FIVE[question] if words not in page] == []


def test_every_name_that_page_one_shortens_stands_whole_in_its_notes() -> None:
    tree, _ = tree_and_report()
    front = tree["front"]
    numbers = {int(found) for found in re.findall(r"\[(\d+)\]", whole(front["facts"]))}
    notes = {int(line["tag"].strip("[]")): line["text"] for line in front["notes"]["lines"]}
    assert numbers == set(notes) == set(range(1, len(notes) + 1))
    assert len(set(notes.values())) == len(notes) >= 3
    for number, name in notes.items():
        (short_form,) = set(re.findall(rf"(\S+) \[{number}\]", whole(front["facts"])))
        head, _, rest = short_form.partition("\u2026")
        assert name.startswith(head)
        assert rest.partition(":")[0] in name
    assert not re.search("[0-9a-f]{40}", whole(front["facts"])), "no long name in a sentence"


def test_the_legend_has_the_colours_that_stand_in_the_picture_and_no_others() -> None:
    tones = set()
    for seed in range(12):
        for block in blocks_in(labelled(seed), "flow"):
            shown = {one["tone"] for one in (*block["boxes"], *block["ribbons"])} - {""}
            shown |= {"first"} if any(box["is_first"] for box in block["boxes"]) else set()
            shown |= {"doubtful"} if any(one["is_doubtful"] for one in block["ribbons"]) else set()
            assert {tone for tone, _ in block["legend"]} == shown
            tones |= shown
    assert tones >= {"first", "sanctioned", "unknown"}
    assert '"sanctioned": (ink.danger, ink.danger)' in template(*TEMPLATE)


def test_english_in_the_place_of_missing_words_is_not_called_a_translation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = {"en": "English words", "lo": "English words", "th": "Thai words"}
    monkeypatch.setattr(Finding, "text", lambda _self, language: said[language])
    found = SimpleNamespace(id="f", language="en", finding_class="chain-fact")
    entry = SimpleNamespace(body={"code": "payment", "params": {}})
    facts = SimpleNamespace(findings={"f": entry})
    told = {
        language: front._translation(
            cast("StatedFinding", found), cast("CaseFacts", facts), language
        )
        for language in ("lo", "th")
    }
    assert told == {"lo": "", "th": "Thai words"}


@pytest.mark.parametrize(
    ("withdrawn", "said"),
    [
        ((2,), "Signed of it: F1, F3, accepted by Dara (sample)"),
        ((1, 2, 3), "signed by nobody: no officer has accepted a finding of it."),
    ],
)
def test_page_one_says_who_signed_what_it_says_or_that_nobody_did(
    withdrawn: tuple[int, ...], said: str
) -> None:
    tree, _ = caught(printed(Case(withdrawn=withdrawn)), a_key())
    page = whole(tree["front"]["facts"])
    assert f"Drawn by Kancil from T1{',' if 'nobody' in said else '.'} {said}" in page


def test_page_one_of_a_study_says_it_too() -> None:
    for withdrawn, said in (((), "Signed of it: F1, accepted by"), ((1,), "signed by nobody")):
        case = Case(
            findings=[("chain-fact", "x", "en")], withdrawn=withdrawn, studies=cited(change()),
            traces=False,
        )  # fmt: skip
        tree, _ = caught(printed(case), a_key())
        assert said in whole(tree["front"]["facts"])


@pytest.mark.parametrize(
    ("kind", "number", "issued", "line"),
    [
        ("order", "12/2026", "2026-03-09", "an order, 12/2026, A court, issued 2026-03-09"),
        ("warrant", None, None, "a warrant, A court, its number or date was not stated"),
        ("consent", None, None, "a consent, A court"),
    ],
)
def test_the_paper_is_named_by_number_and_date_or_it_is_said_that_it_is_not(
    kind: str, number: str | None, issued: str | None, line: str
) -> None:
    basis = SimpleNamespace(
        kind=kind, number=number, authority="A court", issued_on=issued, expires_on=None
    )
    assert front._basis_line(basis) == line
