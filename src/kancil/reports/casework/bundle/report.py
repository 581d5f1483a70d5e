"""The report for people: one HTML page that needs nothing else, carries no script, and prints.

Words come from `content.py`, the look from the style sheets beside this file. The page forbids
itself everything but its own style sheet, by its content security policy.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kancil.ground.words import render, visible
from kancil.studies.drawing.picture import STYLE, TOKENS, picture_svg

from .answers import Answers
from .content import report_content

FOLDER = Path(__file__).parent
REPORT_STYLE = FOLDER / "report.css"
STUDIES_STYLE = FOLDER / "report_studies.css"


def write_report(answers: Answers) -> bytes:
    """The bytes of `report.html`."""
    style = _style(has_studies=bool(answers.material.studies))
    content = report_content(answers)
    parts = _environment().get_template("report_parts.html.j2").module
    page = _environment().get_template("report.html.j2")
    text = page.render(
        report=content,
        pictures=[Markup(picture_svg(trace.answer, trace.flow)) for trace in content.traces],  # noqa: S704
        style=Markup(style),  # noqa: S704 - our own file
        policy=f"default-src 'none'; style-src '{_digest(style)}'; form-action 'none'; "
        "base-uri 'none'",
        facts=parts.facts,  # type: ignore[attr-defined]
        table=parts.table,  # type: ignore[attr-defined]
        grid=parts.grid,  # type: ignore[attr-defined]
        sheet=parts.sheet,  # type: ignore[attr-defined]
    )
    return (text.rstrip("\n") + "\n").encode("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        newline_sequence="\n",
        finalize=_seen,
    )
    environment.globals["say"] = render
    return environment


def _seen(value: object) -> object:
    """Let no text of others turn or hide a part of the page; our own markup stays as it is."""
    return visible(value) if type(value) is str else value


@cache
def _style(*, has_studies: bool) -> str:
    """The style sheets in one; a report of traces alone is the same to the byte as ever."""
    files = (TOKENS, REPORT_STYLE, STYLE, *([STUDIES_STYLE] if has_studies else []))
    return "".join(path.read_text(encoding="utf-8") for path in files)


def _digest(style: str) -> str:
    digest = hashlib.sha256(style.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")
