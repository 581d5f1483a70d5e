"""Each kind of file is shown in its way, in the limited child; nothing of it stays active."""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image

from kancil.evidence.errors import FileNotOfForm, VaultBytesBroken
from kancil.evidence.reading.child import draw_file, open_file
from kancil.evidence.reading.drawn import MAX_PIXELS, PICTURE_SIDE
from kancil.evidence.reading.page import (
    Asked,
    BlockKind,
    Drawn,
    JsonPage,
    MailPage,
    PaperPage,
    PdfPage,
    PicturePage,
    TablePage,
    TextPage,
    Way,
)
from tests.evidence.reading.files import KHMER, THAI, mail, opened, pdf, picture

HTML = f"""<html><head><title>Order</title><style>p{{color:red}}</style></head><body>
<h1>Order {KHMER}</h1><p onclick="x()">Of <b>9 March</b>,
by <a href="http://elsewhere.example/x">the bank</a>.</p><script>alert("active")</script>
<dl><dt>Seized</dt><dd>2026-03-09</dd></dl>
<table><tr><th>From</th><th>To</th></tr><tr><td>1</td><td></td></tr></table>
<ul><li>one<li>two</ul><img src="http://elsewhere.example/p.png" onerror="x()"></body></html>"""
CHAT = (
    '{"name": "Chat", "chats": {"list": [{"messages": ['
    '{"id": 1, "text": "one", "sum": 0.10}, {"id": 2, "text": ["a", {"type": "link"}]}]}]}}'
)


def drawn(folder: Path, data: bytes, asked: Asked = Asked()) -> Drawn:  # noqa: B008
    path = folder / "kept"
    path.write_bytes(data)
    return draw_file(path, "x", sha256(data).hexdigest(), asked)


def test_a_table_of_text_is_shown_by_rows(tmp_path: Path) -> None:
    rows = "".join(f"{n},{THAI}\n" for n in range(500))
    found = opened(tmp_path, "a.csv", f"number,text\n{rows}".encode(), Asked(at=200))
    assert isinstance(found.shown, TablePage)
    assert found.shown.columns == ("number", "text")
    assert found.shown.rows[0] == (202, ("200", THAI))
    assert (len(found.shown.rows), found.shown.has_more) == (200, True)


def test_a_workbook_is_shown_as_a_table(tmp_path: Path) -> None:
    book, out = Workbook(), io.BytesIO()
    for row in (("Name", "Amount"), (KHMER, 12)):
        book.active.append(row)
    book.save(out)
    found = opened(tmp_path, "a.xlsx", out.getvalue())
    assert isinstance(found.shown, TablePage)
    assert found.shown.rows[0][1] == (KHMER, "12")


def test_json_keeps_its_numbers_and_leads_to_its_lists(tmp_path: Path) -> None:
    found = opened(tmp_path, "chat.json", CHAT.encode())
    assert isinstance(found.shown, JsonPage)
    assert [(each.key, each.size) for each in found.shown.nodes] == [("name", -1), ("chats", 1)]
    (messages,) = found.shown.lists
    inner = opened(tmp_path, "chat.json", CHAT.encode(), Asked(pointer=messages.pointer)).shown
    assert isinstance(inner, JsonPage)
    assert inner.columns == ("id", "text", "sum")
    assert inner.rows == (("1", "one", "0.10"), ("2", '["a", {"type": "link"}]', ""))


def test_what_only_looks_like_json_falls_back_to_text(tmp_path: Path) -> None:
    found = opened(tmp_path, "a.json", b'{"open": ')
    assert isinstance(found.shown, TextPage)
    assert found.fallen_back is not None
    with pytest.raises(FileNotOfForm):
        opened(tmp_path, "a.json", b'{"open": ', Asked(way=Way.JSON))
    deep = opened(tmp_path, "a.json", b"[" * 200_000)
    assert isinstance(deep.shown, TextPage)


def test_a_mail_shows_its_text_and_opens_its_attachments(tmp_path: Path) -> None:
    found = opened(tmp_path, "a.eml", mail()).shown
    assert isinstance(found, MailPage)
    assert dict(found.headers)["Subject"] == THAI
    assert found.text == "Hello,\nthe address is below.\n"
    assert [each.name for each in found.attachments] == ["part.html", "table.csv", "part.eml"]
    html, table, within = (
        opened(tmp_path, "a.eml", mail(), Asked(parts=(number,))) for number in (1, 2, 3)
    )
    assert isinstance(html.shown, PaperPage)
    assert [each.texts for each in html.shown.blocks] == [("Hello",)]
    assert isinstance(table.shown, TablePage)
    assert isinstance(within.shown, MailPage)
    assert within.shown.text == "The mail within.\n"
    with pytest.raises(FileNotOfForm):
        opened(tmp_path, "a.eml", mail(), Asked(parts=(9,)))


def test_a_paper_is_text_alone(tmp_path: Path) -> None:
    found = opened(tmp_path, "order.html", HTML.encode()).shown
    assert isinstance(found, PaperPage)
    assert [(each.kind, each.texts) for each in found.blocks] == [
        (BlockKind.HEADING, ("Order",)),
        (BlockKind.HEADING, (f"Order {KHMER}",)),
        (BlockKind.TEXT, ("Of 9 March, by the bank [http://elsewhere.example/x].",)),
        (BlockKind.ROW, ("Seized", "2026-03-09")),
        (BlockKind.HEADED, ("From", "To")),
        (BlockKind.ROW, ("1", "")),
        (BlockKind.ITEM, ("one",)),
        (BlockKind.ITEM, ("two",)),
    ]


def test_a_title_that_a_heading_repeats_stands_once(tmp_path: Path) -> None:
    text = "<title>Order</title><h1>Order</h1><p>Order</p>"
    found = opened(tmp_path, "order.html", text.encode()).shown
    assert isinstance(found, PaperPage)
    assert [each.kind for each in found.blocks] == [BlockKind.HEADING, BlockKind.TEXT]


def test_a_pdf_is_drawn_page_by_page(tmp_path: Path) -> None:
    found = opened(tmp_path, "a.pdf", pdf(3), Asked(at=2)).shown
    assert isinstance(found, PdfPage)
    assert (found.at, found.count) == (2, 3)
    made = drawn(tmp_path, pdf(3), Asked(at=2))
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.format == "PNG"
        assert image.size == (made.width, made.height)
        assert made.width * made.height <= MAX_PIXELS
    with pytest.raises(FileNotOfForm):
        drawn(tmp_path, pdf(3), Asked(at=3))


def test_a_picture_is_told_and_drawn_only_when_asked(tmp_path: Path) -> None:
    large = picture(4_000, 2_000, "JPEG")
    found = opened(tmp_path, "a.jpg", large)
    assert found.shown == PicturePage("JPEG", 4_000, 2_000)
    made = drawn(tmp_path, large)
    assert (made.width, made.height) == (PICTURE_SIDE, PICTURE_SIDE // 2)


def test_a_picture_of_too_many_pixels_is_not_drawn(tmp_path: Path) -> None:
    bomb, out = Image.new("1", (30_000, 30_000)), io.BytesIO()
    bomb.save(out, "PNG")
    with pytest.raises(FileNotOfForm):
        drawn(tmp_path, out.getvalue())


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.svg", b"<svg onload='x()'></svg>", "text"),
        ("a.exe", b"MZ\x90\x00" + bytes(99), "program"),
        ("a.xlsx", b"PK\x03\x04" + bytes(99), "zip"),
        ("a.pdf", b"%PDF-1.7 broken", "pdf"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(99), "png"),
        ("a.bin", bytes(range(256)), "bytes"),
        ("empty", b"", "empty"),
    ],
)
def test_all_else_is_shown_as_text_or_bytes(
    tmp_path: Path, name: str, data: bytes, kind: str
) -> None:
    found = opened(tmp_path, name, data)
    assert found.kind == kind
    assert found.way is (Way.TEXT if kind == "text" else Way.BYTES)


def test_changed_bytes_are_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"other")
    with pytest.raises(VaultBytesBroken):
        open_file(path, "a.txt", sha256(b"taken in").hexdigest(), Asked())
