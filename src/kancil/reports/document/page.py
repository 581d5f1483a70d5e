"""A document as one accessible web page: everything in it, no script, nothing fetched.

Headings in order, tables with captions and heads, pictures with title and description, words in
another language marked as such. All words are escaped here, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from kancil.ground.words import direction, isolated, render, visible

from .blocks import (
    UNIT,
    Beside,
    Block,
    Bullets,
    Cell,
    Commands,
    Document,
    Facts,
    Halves,
    Heading,
    Line,
    Own,
    Paragraph,
    Picture,
    Section,
    Table,
    Voice,
)

_STYLE = Path(__file__).parent / "page.css"


def write_page(document: Document) -> bytes:
    """A document as UTF-8 HTML."""
    numbered = list(enumerate(document.sections, start=1))
    before = [("" if document.is_short else f"{number}. ") for number, _ in numbered]
    contents = "".join(
        f'<li><a href="#part-{number}">{_text(each.title)}</a></li>' for number, each in numbered
    )
    parts = "".join(
        _section(each, before[number - 1], f' id="part-{number}"') for number, each in numbered
    )
    first = "".join(map(_section, document.opening.sections)) if document.opening else ""
    about = f"<section>{''.join(map(_block, document.cover))}</section>" if first else ""
    mark = f'<p class="mark">{_text(document.mark)}</p>' if document.mark else ""
    nav = (
        f'<nav aria-labelledby="contents"><h2 id="contents">{_say("name.paper-contents")}</h2>'
        f"<ol>{contents}</ol></nav>"
        if document.has_contents
        else ""
    )
    way = direction(document.language)
    html = (
        f'<!doctype html>\n<html lang="{_text(document.language)}" dir="{way}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="description" content="{_text(document.description)}">\n'
        f'<meta name="author" content="{_text(document.author)}">\n'
        f"<title>{_text(document.kind)}: {_text(document.title)}</title>\n"
        f"<style>\n{_style(document)}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#main">{_say("name.paper-skip")}</a>\n'
        f'<header>{mark}<p class="kind">{_text(document.kind)}</p>'
        f'<h1>{_text(document.title)}</h1><p class="subtitle">{_text(document.subtitle)}</p>'
        f"</header>\n"
        f'<main id="main" tabindex="-1">\n'
        f'<section class="cover" aria-label="{_say("name.paper-about")}">'
        f"{''.join(map(_block, (*document.address, *_front(document))))}</section>\n"
        f"{first}{about}{nav}\n{parts}\n</main>\n"
        f"<footer><p>{_text(document.footer)}</p></footer>\n</body>\n</html>\n"
    )
    return html.encode("utf-8")


def _style(document: Document) -> str:
    return _STYLE.read_text(encoding="utf-8").replace(UNIT, document.accent)


def _front(document: Document) -> Sequence[Block]:
    """What stands above all sections; of a document that opens with another, that one's first."""
    opening = document.opening
    if opening is None:
        return document.cover
    return (Paragraph(opening.title, "lead"), *opening.cover)


def _section(part: Section, before: str = "", id: str = "") -> str:
    title = f"<h2{id}>{before}{_text(part.title)}</h2>" if part.title else ""
    small = ' class="small"' if part.is_small else ""
    return f"<section{small}>{title}{''.join(map(_block, part.blocks))}</section>"


def _say(key: str) -> str:
    return _text(render(key))


def _text(text: str) -> str:
    return escape(isolated(visible(text)))


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level + 1}>{_text(text)}</h{level + 1}>\n"
        case Paragraph(text, level, language):
            return f'<p class="{level}"{_lang(language)}>{_text(text)}</p>\n'
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{_line(each)}</li>" for each in items) + "</ul>\n"
        case Facts(_, rows):
            found = "".join(
                f"<div><dt>{_text(name)}</dt><dd>{_cell(value)}</dd></div>" for name, value in rows
            )
            return f"<dl>{found}</dl>\n"
        case Beside(left, right):
            return f'<div class="beside"><p>{_cell(left)}</p><p>{_cell(right)}</p></div>\n'
        case Picture():
            return f"<figure>{block.svg}</figure>\n"
        case Table():
            return _table(block)
        case Commands(lines):
            return f"<pre>{_text(chr(10).join(lines))}</pre>\n"
        case Halves(start, end):
            halves = "".join(f"<div>{''.join(map(_block, each))}</div>" for each in (start, end))
            return f'<div class="halves">{halves}</div>\n'
        case Voice(blocks):
            return f'<div class="voice">{"".join(map(_block, blocks))}</div>\n'
        case Own():
            return ""


def _lang(language: str) -> str:
    if not language:
        return ""
    turned = direction(language) != direction()
    return f' lang="{_text(language)}"' + (f' dir="{direction(language)}"' if turned else "")


def _line(line: Line) -> str:
    figure = f' data-figure="{_text(line.figure)}"' if line.figure else ""
    tag = {"strong": "strong", "mono": "code", "identifier": "code"}.get(line.manner, "span")
    quiet = ' class="muted"' if line.manner == "muted" else ""
    more = f"{_lang(line.language)}{figure}{quiet}"
    if tag == "span" and not more:
        return _text(line.text)
    return f"<{tag}{more}>{_text(line.text)}</{tag}>"


def _cell(cell: Cell) -> str:
    return "<br>".join(_line(each) for each in cell)


def _table(table: Table) -> str:
    if not table.rows:
        return f"<p>{_text(table.empty)}</p>\n" if table.empty else ""
    number = [' class="number"' if each.is_number else "" for each in table.columns]
    heads = "".join(
        f'<th scope="col"{number[place]}>{_text(each.title)}</th>'
        for place, each in enumerate(table.columns)
    )
    rows = []
    for row in table.rows:
        cells = [f'<th scope="row"{number[0]}>{_cell(row[0])}</th>']
        cells += [
            f'<td{number[place]} data-head="{_text(table.columns[place].title)}">{_cell(each)}</td>'
            for place, each in enumerate(row[1:], start=1)
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    widths = "".join(f'<col style="width:{each.width * 100:.4g}%">' for each in table.columns)
    caption = _text(table.caption)
    unseen = ' class="unseen"' if table.is_titled else ""
    note = f'<p class="muted">{_text(table.note)}</p>\n' if table.note else ""
    return (
        f'<div class="scroll" role="group" tabindex="0" aria-label="{caption}">'
        f"<table><caption{unseen}>{caption}</caption><colgroup>{widths}</colgroup>"
        f"<thead><tr>{heads}</tr></thead><tbody>\n{chr(10).join(rows)}\n</tbody></table></div>\n{note}"
    )
