"""An invented instrument, its text in the layouts in which treaties are published, and a protocol.

No real treaty's words stand here; the forms of headings are those that the Council of Europe and
the United Nations print.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import typst
from pypdf import PdfWriter

from kancil.assessment.protocol import Protocol
from kancil.assessment.protocol_files.reading import check_content
from kancil.reports.pdf.glyphs import FONTS

TITLE = "Convention of Kasa on Borrowed Boats"
OTHER = "Protocol to the Convention of Kasa on Borrowed Boats, on rowing at night"
TITLES = (
    "Purpose", "Use of terms", "Boats taken without leave", "Boats kept after the day agreed",
    "Oars", "Damage by negligence or by misuse of a boat that was lent for another purpose",
    "Nets left in the water", "Lights", "Duties of the harbour", "Disputes", "Signature",
    "Depositary",
)  # fmt: skip
OTHER_TITLES = ("Scope", "Lanterns", "Silence", "Moorings", "Fog", "Watch", "Bells", "Tides")


NAME = "harbours-2026.1"
_HEAD = """
schema: kancil-protocol/1
id: harbours
version: '2026.1'
shape: provisions
language: en
title: The law of harbours
purpose: For tests
standing: proposal
standing_note: It is invented
licence: Apache-2.0
sources: [{id: s, title: Nowhere, ref: '1'}]
scales:
  - id: stages
    title: Stages
    kind: ordered
    values: [{value: 0, label: Nothing}, {value: 1, label: Partly}, {value: 2, label: Written}]
  - id: element
    title: Element
    kind: choice
    values: [{value: 'yes', label: 'Yes'}, {value: 'no', label: 'No'}]
grades: [{id: a, label: Official text, meaning: It was read, confirmed: true}]
sectors: [{id: policy, title: Policy}]
areas: [{id: a, title: Harbours, weight: 1}]
"""  # fmt: skip


def protocol_text() -> str:
    """It asks articles 3 to 10 of the convention, two points of 3, and 1 to 8 of its protocol."""
    about = "ref: '1', year: 2001, body: Kasa, binding: true, confidence: high, source: Nowhere"
    rest = ", ".join(
        f"{{number: '{number}', title: {TITLES[number - 1]}, why: It asks nothing of a State}}"
        for number in (1, 2, 11, 12)
    )
    asked = [
        *(("boats", str(number), TITLES[number - 1]) for number in range(4, 11)),
        ("boats", "3(1)(a)", "Rowing boats"),
        ("boats", "3(1)(b)", "Sailing boats"),
        *(("night", str(number), title) for number, title in enumerate(OTHER_TITLES, 1)),
    ]
    parts = (
        "[{id: leave, question: Is leave asked?, scale: element, kind: conduct}, "
        "{id: lamp, question: Is there a lamp?, scale: element, duty: good-practice}]"
    )
    rows = "\n".join(
        f"  - {{id: {of}.{number.translate(_DOTS)}, area: a, sector: policy, weight: 1, "
        f"question: 'Does the law have {title}?', scale: stages, parts: {parts}, sources: [s], "
        f"confidence: high, "
        f"article: {{instrument: {of}, number: '{number}', title: {title}, category: offence}}}}"
        for of, number, title in asked
    )
    return (
        f"{_HEAD.lstrip()}instruments:\n"
        f"  - {{id: boats, short: Boats, title: {TITLE}, {about}, url: https://kasa.example/1, "
        f"not_asked: [{rest}]}}\n"
        f"  - {{id: night, short: Night, title: '{OTHER}', {about}}}\n"
        f"indicators:\n{rows}\n"
    )


_DOTS = str.maketrans({"(": ".", ")": None})


def older_text() -> str:
    """The same as `legal-2026.1`, without the keys that files of that time did not have."""
    text = protocol_text().replace("id: harbours\n", "id: legal\n", 1)
    text = text.replace(", duty: good-practice", "").replace(", url: https://kasa.example/1", "")
    return re.sub(r", not_asked: \[.*\]", "", text)


def protocol() -> Protocol:
    """The same, read."""
    made, faults = check_content(protocol_text().encode(), Path(f"{NAME}.yaml"))
    assert made is not None, faults
    return made


def body(number: int) -> str:
    """The text of an article, which speaks of another one at the beginning of a line."""
    return (
        f"1 Each Party shall see to boat number {number} in the harbour of its own, as far as\n"
        f"Article {(number * 5) % 12 + 1}\n"
        "of this Convention lets it do so, and shall say so to the others.\n"
        f"a. in writing about {TITLES[number - 1].lower()}; or\n"
        f"b. by voice about {TITLES[number - 1].lower()}, where the\n"
        "other Party hears it."
    )


def european(skip: tuple[int, ...] = ()) -> str:
    """As the Council of Europe prints it: a list of articles first, then `Article 7 – Title`."""
    own = [(number, title) for number, title in enumerate(TITLES, 1) if number not in skip]
    listed = "\n".join(f"Article {number} – {title}" for number, title in own)
    heads = {3: "Chapter II – Offences\n\n", 9: "Chapter III – Harbours\n\n"}
    text = "\n\n".join(
        f"{heads.get(number, '')}Article {number} – {title}\n\n{body(number)}"
        for number, title in own
    )
    return f"{TITLE}\n\n{listed}\n\nPreamble\n\nThe Parties hereto,\n\n{text}\n"


def united_nations() -> str:
    """As the United Nations print it: `Article 7`, and the title on the lines below."""
    half = {6: "Damage by negligence or by misuse of a boat that was lent\nfor another purpose"}
    text = "\n\n".join(
        f"Article {number}\n{half.get(number, title)}\n{body(number).replace('1 Each', '1. Each')}"
        for number, title in enumerate(TITLES, 1)
    )
    return f"{TITLE}\n\nPreamble\n\nThe States Parties,\n\n{text}\n"


def another() -> str:
    """The text of the convention's protocol."""
    return "\n\n".join(
        f"Article {number} – {title}\n\n{body(number)}"
        for number, title in enumerate(OTHER_TITLES, 1)
    )


def html(text: str, *, head: str = "") -> bytes:
    """The same as a page: each block a paragraph, with a menu and a script of the site around."""
    blocks = "".join(f"<p>{each.strip()}</p>" for each in text.split("\n\n"))
    menu = "<nav><ul><li>Article 99 – Menu</li></ul></nav><script>var a = 'Article 98';</script>"
    return f"<!DOCTYPE html><html><head>{head}</head><body>{menu}{blocks}</body></html>".encode()


def pdf(text: str) -> bytes:
    """The same as a PDF, with a line above and a page number below each page."""
    lines = "\n".join(f"#text({_quoted(each)}) \\" if each else "\n" for each in text.split("\n"))
    page = 'height: 12cm, header: [Treaty series of Kasa], numbering: "1"'
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
    made = typst.compile(f"#set page({page})\n{lines}".encode(), font_paths=fonts)
    assert isinstance(made, bytes)
    return made


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def blank_pdf(password: str = "") -> bytes:
    """A PDF without text, as a scanner makes it, and under a password if one is given."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()
