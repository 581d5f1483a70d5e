"""The parts of an Office Open XML text document, element by element (ECMA-376, part 1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from kancil.ground.words import direction, isolated, render, visible

from .blocks import Document
from .language import without_region

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COMPLEX = {"km": "km-KH", "lo": "lo-LA", "my": "my-MM", "th": "th-TH", "ar": "ar-SA"}
"""Languages whose script Word calls complex."""
_PLAIN = {"en": "en-GB", "vi": "vi-VN", "id": "id-ID", "fr": "fr-FR", "es": "es-ES"}
_TURNED = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LATIN = re.compile("([A-Za-z\u00c0-\u024f](?:[^\u0590-\u08ff]*[A-Za-z0-9\u00c0-\u024f])?)")
"""Words of an alphabet that is written from left to right, with what stands between them."""
_ENDS = re.compile(r"[A-Za-z\u00c0-\u024f].*[^\w\s]\s*\Z", re.DOTALL)
_KEPT = "\u200e"
"""Keeps the full stop of a Latin sentence at its end where all else is read from the right."""
_WHOLE = 44
"""Characters of an identifier that fit into a column in large letters."""
_FIELD = re.compile(r"(\{page\}|\{count\})")


def plain(text: str) -> str:
    """Make other people's words safe inside XML; what XML cannot hold becomes a mark."""
    return escape(_FORBIDDEN.sub("\ufffd", isolated(visible(text))))


def attribute(text: str) -> str:
    """Make other people's words safe as an attribute, with its quotes."""
    return quoteattr(_FORBIDDEN.sub("\ufffd", visible(text)).replace("\n", " "))


def part(text: str) -> bytes:
    """A part of the file as its bytes."""
    return (_HEAD + text).encode("utf-8")


# --- text -----------------------------------------------------------------------------------------


def run(text: str, *, manner: str = "plain", language: str = "") -> str:
    """A run of words; a line end in it becomes a break."""
    style = {"strong": "Strong", "muted": "QuietWords", "mono": "Digest"}.get(manner, "")
    if manner == "identifier":
        style = "Identifier" if len(text) <= _WHOLE else "LongIdentifier"
    inside = f'<w:rStyle w:val="{style}"/>' if style else ""
    inside += language_mark(language) if language else ""
    if _TURNED.search(text) is None:
        return _run(text, inside, _KEPT if direction() == "rtl" and _ENDS.search(text) else "")
    return "".join(
        _run(each, inside + ("" if place % 2 else "<w:rtl/>"))
        for place, each in enumerate(_LATIN.split(text))
        if each
    )


def _run(text: str, inside: str, after: str = "") -> str:
    properties = f"<w:rPr>{inside}</w:rPr>" if inside else ""
    lines = f"</w:t><w:br/>{_T}".join(plain(text).split("\n")) + after
    return f"<w:r>{properties}{_T}{lines}</w:t></w:r>"


_T = '<w:t xml:space="preserve">'


def language_mark(language: str) -> str:
    """In which language words are; scripts that Word calls complex have their own place."""
    if (complex := _COMPLEX.get(without_region(language))) is not None:
        return f'<w:lang w:val="en-GB" w:bidi="{complex}"/>'
    return f"<w:lang w:val={attribute(_PLAIN.get(language, language))}/>"


def paragraph(style: str, inside: str, *, breaks: bool = False, bookmark: int = 0) -> str:
    """A paragraph. `breaks`: on a new page. `bookmark`: number by which it is linked to."""
    more = "<w:pageBreakBefore/>" if breaks else ""
    if bookmark:
        name = f'w:id="{bookmark}" w:name="_Toc{bookmark:06d}"'
        end = f'<w:bookmarkEnd w:id="{bookmark}"/>'
        inside = f"<w:bookmarkStart {name}/>{inside}{end}"
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inside}</w:p>'


def contents(title: str, entries: Sequence[tuple[int, str, int]]) -> str:
    """The list of contents, each entry a link; `entries`: level, words, bookmark.

    It is a field: Word makes it anew when it is asked to.
    """
    found = [paragraph("ContentsTitle", run(title), breaks=True)]
    for place, (level, words, bookmark) in enumerate(entries):
        link = f'<w:hyperlink w:anchor="_Toc{bookmark:06d}">{run(words)}</w:hyperlink>'
        begin = _field_begin() if place == 0 else ""
        end = _mark("end") if place == len(entries) - 1 else ""
        found.append(paragraph(f"TOC{level}", begin + link + end))
    return "".join(found)


def _field_begin() -> str:
    code = '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\n \\h \\z </w:instrText></w:r>'
    return _mark("begin") + code + _mark("separate")


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


# --- tables and pictures --------------------------------------------------------------------------


def cell(width: int, inside: str) -> str:
    """A cell; `width` in twentieths of a point."""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inside}</w:tc>'


def row(cells: Iterable[str], *, is_head: bool = False) -> str:
    """A row that is not torn; a head comes again on each page."""
    head = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def table(
    widths: Sequence[int], rows: Iterable[str], caption: str, *, has_head: bool,
    style: str = "Lines", is_turned: bool = False,
) -> str:  # fmt: skip
    """A table and the small space after it; `caption` is also read aloud.

    `is_turned`: its first column stands at the right.
    """
    turned = "<w:bidiVisual/>" if is_turned else ""
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    look = f'<w:tblLook w:val="04A0" w:firstRow="{int(has_head)}" w:lastRow="0"'
    look += ' w:firstColumn="1" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>{turned}'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{look}<w:tblCaption w:val={attribute(caption)}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>{paragraph('After', '')}"
    )


def drawing(number: int, wide: int, high: int, title: str, description: str) -> str:
    """A picture with its description; `number` from 1, sides in English Metric Units."""
    said = f"title={attribute(title)} descr={attribute(description)}"
    return paragraph(
        "Picture",
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="{number}" name="Picture {number}" {said}/>'
        f'<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_PIC}"><pic:pic xmlns:pic="{_PIC}">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="image{number}.png" {said}/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="rPic{number}"/><a:stretch><a:fillRect/>'
        f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        f"</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>"
        f"</w:drawing></w:r>",
    )


# --- the parts ------------------------------------------------------------------------------------


def body(inside: str, document: Document) -> bytes:
    """The document's main part: A4, upright; a short document has narrower margins."""
    language, (top, bottom) = document.language, (964, 850) if document.is_short else (1247, 1134)
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rHead"/>'
        '<w:footerReference w:type="default" r:id="rFoot"/>'
        '<w:pgSz w:w="11906" w:h="16838"/>'
        f'<w:pgMar w:top="{top}" w:right="1134" w:bottom="{bottom}" w:left="1134" w:header="480"'
        ' w:footer="480" w:gutter="0"/>'
        f"{'<w:bidi/>' if direction(language) == 'rtl' else ''}</w:sectPr>"
    )
    spaces = f'xmlns:w="{SPACE}" xmlns:r="{_R}" xmlns:wp="{_WP}"'
    return part(f"<w:document {spaces}><w:body>{inside}{section}</w:body></w:document>")


def header(document: Document) -> bytes:
    """The head of every page."""
    title = "" if document.is_short else document.title
    said = " · ".join(filter(None, (document.kind, title, document.subtitle)))
    mark = f"<w:r><w:tab/></w:r>{run(document.mark, manner='strong')}" if document.mark else ""
    inside = paragraph("Header", run(said) + mark)
    return part(f'<w:hdr xmlns:w="{SPACE}">{inside}</w:hdr>')


def footer(document: Document) -> bytes:
    """The foot of every page, with its number."""
    sentence = render("note.paper-page", page="{page}", count="{count}")
    codes = {"{page}": "PAGE", "{count}": "NUMPAGES"}
    pages = "".join(
        f'<w:fldSimple w:instr=" {codes[each]} ">{run("1")}</w:fldSimple>'
        if each in codes
        else run(each)
        for each in _FIELD.split(sentence)
        if each
    )
    inside = paragraph("Footer", f"{run(document.footer)}<w:r><w:tab/></w:r>{pages}")
    return part(f'<w:ftr xmlns:w="{SPACE}">{inside}</w:ftr>')


def core(document: Document, at: datetime) -> bytes:
    """What file managers and screen readers say of the document."""
    moment = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    spaces = (
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    title = plain(f"{document.kind}: {document.title}")
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return part(
        f"<cp:coreProperties {spaces}><dc:title>{title}</dc:title>"
        f"<dc:creator>{plain(document.author)}</dc:creator>"
        f"<dc:description>{plain(document.description)}</dc:description>"
        f"<dc:language>{plain(document.language)}</dc:language>{dates}</cp:coreProperties>"
    )


def app() -> bytes:
    """The name of the program that made it."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return part(f'<Properties xmlns="{space}"><Application>Kancil</Application></Properties>')


def content_types() -> bytes:
    """What each part is."""
    named = {
        "/word/document.xml": f"{_TYPE}.document.main+xml",
        "/word/styles.xml": f"{_TYPE}.styles+xml",
        "/word/numbering.xml": f"{_TYPE}.numbering+xml",
        "/word/settings.xml": f"{_TYPE}.settings+xml",
        "/word/header1.xml": f"{_TYPE}.header+xml",
        "/word/footer1.xml": f"{_TYPE}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml":
            "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }  # fmt: skip
    parts = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in named.items()
    )
    return part(
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{parts}</Types>'
    )


def package_relations() -> bytes:
    """Where the main part and the properties are."""
    core_type = "http://schemas.openxmlformats.org/package/2006/relationships/metadata"
    return _relations(
        [
            ("rDoc", f"{_R}/officeDocument", "word/document.xml"),
            ("rCore", f"{core_type}/core-properties", "docProps/core.xml"),
            ("rApp", f"{_R}/extended-properties", "docProps/app.xml"),
        ]
    )


def relations(pictures: int) -> bytes:
    """What the main part refers to."""
    found = [
        ("rStyles", f"{_R}/styles", "styles.xml"),
        ("rNumbers", f"{_R}/numbering", "numbering.xml"),
        ("rSettings", f"{_R}/settings", "settings.xml"),
        ("rHead", f"{_R}/header", "header1.xml"),
        ("rFoot", f"{_R}/footer", "footer1.xml"),
    ]
    for place in range(1, pictures + 1):
        found.append((f"rPic{place}", f"{_R}/image", f"media/image{place}.png"))
    return _relations(found)


def _relations(found: Iterable[tuple[str, str, str]]) -> bytes:
    inside = "".join(
        f'<Relationship Id="{id}" Type="{kind}" Target="{target}"/>' for id, kind, target in found
    )
    return part(f'<Relationships xmlns="{_REL}">{inside}</Relationships>')


def settings(language: str) -> bytes:
    """The settings: the languages, and that the file is of Word 2013's manner."""
    bidi = f' w:bidi="{_COMPLEX[language]}"' if language in _COMPLEX else ""
    theme = f'<w:themeFontLang w:val="{_PLAIN.get(language, "en-GB")}"{bidi}/>'
    mode = (
        '<w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    )
    return part(f'<w:settings xmlns:w="{SPACE}">{mode}{theme}</w:settings>')


def numbering() -> bytes:
    """The one list there is."""
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="360" w:hanging="260"/></w:pPr></w:lvl>'
    )
    return part(
        f'<w:numbering xmlns:w="{SPACE}"><w:abstractNum w:abstractNumId="0">'
        f'<w:multiLevelType w:val="singleLevel"/>{level}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
