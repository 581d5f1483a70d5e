"""The styles of a text document, by which officers change the look of all headings at once."""

from __future__ import annotations

import re

from kancil.ground.words import direction

from .textparts import SPACE, language_mark, part

_COLOURS = {"ink-2": "575145", "brand": "0B5563", "danger": "A3271D", "warn": "854F00"}
_FACES = {"my": "Myanmar Text", "ar": "Arial"}


_SIZES = re.compile(r'(<w:sz(?:Cs)? w:val=)"(\d+)"')
_ROOMS = re.compile(r'(w:(?:before|after)=)"(\d+)"')
_LEAST = 14
"""Half points of the smallest letters of a short document."""


def styles(language: str, accent: str, *, is_short: bool = False) -> bytes:
    """The styles; officers change the look of all headings or tables here at once.

    `accent`: of headings, as in `blocks`. `is_short`: letters and spaces are smaller, so that the
    two pages of a brief are about two pages here, too.
    """
    faces = _FACES.get(language, "Leelawadee UI")
    fonts = f'<w:rFonts w:ascii="Calibri" w:eastAsia="Calibri" w:hAnsi="Calibri" w:cs="{faces}"/>'
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="20"/><w:szCs w:val="20"/>'
        f"{language_mark(language)}</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
        f'<w:spacing w:after="110" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        f"</w:docDefaults>"
    )
    turned = "<w:bidi/>" if direction(language) == "rtl" else ""
    own = "".join((_style("Normal", "Normal", turned), *_STYLES)).replace(
        _COLOURS["brand"], accent.removeprefix("#").upper()
    )
    whole = defaults + own
    if is_short:
        whole = _SIZES.sub(_smaller, _ROOMS.sub(_tighter, whole))
        whole = whole.replace('w:line="264"', 'w:line="240"')
    return part(f'<w:styles xmlns:w="{SPACE}">{whole}</w:styles>')


def _smaller(found: re.Match[str]) -> str:
    return f'{found[1]}"{max(_LEAST, round(int(found[2]) * 0.8))}"'


def _tighter(found: re.Match[str]) -> str:
    return f'{found[1]}"{int(found[2]) // 2}"'


def _style(
    id: str, name: str, ppr: str = "", rpr: str = "", *, base: str = "Normal", after: str = ""
) -> str:
    inside = f'<w:name w:val="{name}"/>'
    inside += f'<w:basedOn w:val="{base}"/>' if id != "Normal" else ""
    inside += f'<w:next w:val="{after}"/>' if after else ""
    inside += "<w:qFormat/>"
    inside += f"<w:pPr>{ppr}</w:pPr>" if ppr else ""
    inside += f"<w:rPr>{rpr}</w:rPr>" if rpr else ""
    default = ' w:default="1"' if id == "Normal" else ""
    return f'<w:style w:type="paragraph"{default} w:styleId="{id}">{inside}</w:style>'


def _words(id: str, name: str, rpr: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{id}"><w:name w:val="{name}"/><w:qFormat/>'
        f"<w:rPr>{rpr}</w:rPr></w:style>"
    )


def _look(size: int = 0, colour: str = "", *, bold: bool = False) -> str:
    found = "<w:b/><w:bCs/>" if bold else ""
    found += f'<w:color w:val="{_COLOURS[colour]}"/>' if colour else ""
    return found + (f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else "")


def _heading(level: int, size: int, before: int, colour: str) -> str:
    ppr = (
        f'<w:keepNext/><w:keepLines/><w:spacing w:before="{before}" w:after="110"/>'
        f'<w:outlineLvl w:val="{level - 1}"/>'
    )
    look = _look(size, colour, bold=True)
    return _style(f"Heading{level}", f"heading {level}", ppr, look, after="Normal")


def _space(before: int, after: int, more: str = "") -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"/>{more}'


_MONO = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>'
_TABS = '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs>'
_RIGHT = '<w:jc w:val="right"/>'
_EDGE = '<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="854F00"/></w:pBdr>'
_CELL = '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
_PLAIN_TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="60" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
)
_LINES = (
    '<w:style w:type="table" w:styleId="Lines"><w:name w:val="Lines"/>'
    '<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
    '<w:top w:val="single" w:sz="6" w:space="0" w:color="B9AE99"/>'
    '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="B9AE99"/>'
    '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="E0D9CB"/></w:tblBorders></w:tblPr>'
    "</w:style>"
)
_STYLES = (
    _heading(1, 32, 400, "brand"),
    _heading(2, 24, 300, ""),
    _heading(3, 21, 240, "ink-2"),
    _style("Kind", "Kind", _space(0, 40), _look(22, "brand", bold=True)),
    _style("Title", "Title", _space(0, 60), _look(52, bold=True), after="Subtitle"),
    _style("Subject", "Subject", _space(240, 60), _look(28, bold=True), after="Subtitle"),
    _style("Subtitle", "Subtitle", _space(0, 200), _look(26, "ink-2"), after="Normal"),
    _style("Mark", "Mark", _space(0, 160), _look(24, "danger", bold=True)),
    _style("Quiet", "Quiet", "<w:keepNext/>", _look(19, "ink-2")),
    _style(
        "Warning", "Warning",
        f'{_EDGE}<w:shd w:val="clear" w:color="auto" w:fill="FDF3DF"/>{_space(80, 120)}',
    ),
    _style(
        "Lead", "Lead",
        f'<w:shd w:val="clear" w:color="auto" w:fill="F6F4EF"/>{_space(80, 120)}',
        _look(22, bold=True),
    ),
    _style("Opening", "Opening", _space(0, 120), _look(24)),
    _style(
        "ListBullet", "List Bullet",
        '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' + _space(0, 60),
    ),
    _style("Caption", "caption", f"<w:keepNext/>{_space(160, 60)}", _look(18, bold=True)),
    _style("Cell", "Cell", _CELL, _look(17)),
    _style("Side", "Side of two", _space(0, 40), _look(19), base="Cell"),
    _style("CellRight", "Cell right", _CELL + _RIGHT, _look(17), base="Cell"),
    _style("Head", "Cell head", f"<w:keepNext/>{_CELL}", _look(16, "ink-2", bold=True)),
    _style("HeadRight", "Cell head right", f"<w:keepNext/>{_CELL}{_RIGHT}",
           _look(16, "ink-2", bold=True)),
    _style("After", "After a table", '<w:spacing w:before="0" w:after="60" w:line="120"'
           ' w:lineRule="exact"/>', _look(8)),
    _style("Picture", "Picture", f"<w:keepLines/>{_space(120, 160)}"),
    _style("ContentsTitle", "Contents title", _space(0, 160), _look(32, "brand", bold=True)),
    _style("TOC1", "toc 1", _space(60, 0), _look(19, bold=True)),
    _style("TOC2", "toc 2", f'{_space(0, 0)}<w:ind w:left="320"/>', _look(18)),
    _style("Header", "header", _TABS + _space(0, 0), _look(15, "ink-2")),
    _style("Footer", "footer", _TABS + _space(0, 0), _look(15, "ink-2")),
    _words("Strong", "Strong", "<w:b/><w:bCs/>"),
    _words("QuietWords", "Quiet words", _look(colour="ink-2")),
    _words("Digest", "Digest", _MONO + _look(13)),
    _words("Identifier", "Identifier", _MONO + _look(19, bold=True)),
    _words("LongIdentifier", "Long identifier", _MONO + _look(14, bold=True)),
    _PLAIN_TABLE,
    _LINES,
)  # fmt: skip
