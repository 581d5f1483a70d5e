"""The printed slip: complete, self-contained, escaped."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from kancil.custody.checkpoint import Checkpoint, make_checkpoint, read_checkpoint
from kancil.custody.slip import short_code, slip_html, slip_text
from tests.custody.sample import SEIZED_AT, make_sample

ZONE = ZoneInfo("Asia/Vientiane")


def note() -> Checkpoint:
    sample = make_sample()
    head = sample.ledger.head()
    return read_checkpoint(make_checkpoint(head, sample.unit, sample.unit_signer, SEIZED_AT))


def test_the_page_shows_the_note_its_digest_and_a_line_to_sign() -> None:
    held = note()
    page = slip_html(held, "Unit <ກໍລະນີ> & Co", "Seizure of E1", ZONE)
    assert "Unit &lt;ກໍລະນີ&gt; &amp; Co" in page
    assert "Seizure of E1" in page
    assert "2026-03-09 14:30:00 (Asia/Vientiane)" in page
    assert held.sha256 in re.sub(r" ", "", page)
    assert held.data.decode() in page
    assert page.count("<svg") == 1
    assert page.count("<div>") == 3


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = slip_html(note(), "Unit", "Case C1", ZONE)
    for word in ("<script", "src=", "href=", "url(", "@import"):
        assert word not in page
    assert "default-src 'none'" in page


def test_the_text_slip_holds_the_note_byte_for_byte() -> None:
    held = note()
    assert held.data.decode() in slip_text(held, "Unit", "Case C1", ZONE)


def test_the_short_code_begins_the_digest() -> None:
    held = note()
    assert held.sha256.startswith(short_code(held).replace(" ", ""))
    assert len(short_code(held)) == 19


def test_a_classrooms_slip_says_training_first() -> None:
    held, said = note(), "TRAINING. Made in a classroom; no real case."
    page = slip_html(held, "Unit", "Case C1", ZONE, is_training=True)
    assert page.index(said) < page.index("<h1>")
    assert slip_text(held, "Unit", "Case C1", ZONE, is_training=True).startswith(said)
    assert "TRAINING" not in slip_html(held, "Unit", "Case C1", ZONE)
    assert "TRAINING" not in slip_text(held, "Unit", "Case C1", ZONE)
