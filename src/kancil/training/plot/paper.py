"""Papers of the invented world, as HTML files of one page that a telephone can show.

Each says at its head that it is invented. No script, no picture, nothing from elsewhere; all that
comes in is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from kancil.ground.files import write_durably
from kancil.ground.words import render

_LOOK = (
    "body{font:16px/1.5 sans-serif;max-width:46rem;margin:0 auto;padding:1rem;color:#14252b;"
    "background:#fff}h1{font-size:1.4rem}.mark{border:2px solid #8a5a00;padding:.4rem .6rem}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #9aa9ad;padding:.35rem .5rem;"
    "text-align:start;vertical-align:top;overflow-wrap:anywhere}dt{font-weight:bold}"
    "li{margin:.5rem 0}.scroll{overflow-x:auto}code{overflow-wrap:anywhere}"
)


def paragraph(text: str) -> str:
    """One paragraph."""
    return f"<p>{escape(text)}</p>"


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names and what they are."""
    return f"<dl>{''.join(f'<dt>{escape(a)}</dt><dd>{escape(b)}</dd>' for a, b in rows)}</dl>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table that scrolls by itself where the screen is narrow."""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f'<div class="scroll"><table><tr>{top}</tr>{body}</table></div>'


def numbered(lines: Iterable[str]) -> str:
    """Numbered sentences, from 1."""
    return f"<ol>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ol>"


def write_paper(path: Path, title: str, parts: Iterable[str], language: str) -> None:
    """Write a paper; `parts`: what the functions of this module return."""
    write_durably(
        path,
        (
            f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(title)}</title><style>{_LOOK}</style></head><body>\n"
            f'<p class="mark">{escape(render("lab.invented", language))}</p>\n'
            f"<h1>{escape(title)}</h1>\n" + "\n".join(parts) + "\n</body></html>\n"
        ).encode(),
    )
