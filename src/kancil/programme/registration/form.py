"""The registration form of one activity, as one HTML file for a host that holds nothing else.

It works offline and sends nothing: what was filled in becomes a small file of one JSON line
(`registrant.FORMAT`), which the person sends to the organiser, or hands in printed. The policy in
its head allows its own script and style by their SHA-256 and no connection at all.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from html import escape
from importlib.resources import files

from kancil.ground.words import render, render_phrase
from kancil.programme.vocabulary import AgeBand, Profession, Sex
from kancil.records.described import named

from .registrant import MOST

Choice = tuple[str, str]
"""A value and its words."""


@dataclass(frozen=True, slots=True)
class FormOf:
    """For what a form registers."""

    code: str
    title: str
    when: str
    place: str
    countries: Sequence[Choice]
    organisations: Sequence[str]
    """Suggested; another one may be typed."""


@cache
def _own(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def form_page(of: FormOf, language: str = "en") -> bytes:
    """The form as a page that stands alone, in the words that are spoken now."""
    script, style = _own("form.js"), _own("form.css")
    policy = (
        f"default-src 'none'; script-src 'sha256-{_hash(script)}'; "
        f"style-src 'sha256-{_hash(style)}'; base-uri 'none'; form-action 'none'"
    )
    title, consent = escape(of.title), _says("consent", title=of.title, code=of.code)
    where = " · ".join(escape(each) for each in (of.when, of.place, of.code) if each)
    direction = ' dir="rtl"' if language == "ar" else ""
    parts = [
        f'<!doctype html>\n<html lang="{escape(language)}"{direction}><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>{style}</style></head><body>",
        f'<h1>{title}</h1><p class="note">{where}</p><p>{_says("lead")}</p>',
        f"<noscript><p>{_says('no-script')}</p></noscript>",
        f'<form data-activity="{escape(of.code)}" data-consent="{consent}">',
        *_fields(of),
        _tick("adult", _says("adult"), needed=True),
        _tick("consent", consent),
        f'<p class="note">{_says("consent-note")}</p>',
        f"<button>{_says('save')}</button></form>",
        f'<output hidden role="status">{_says("saved")}</output>',
        f"<script>{script}</script></body></html>\n",
    ]
    return "\n".join(parts).encode()


def _says(name: str, **params: str) -> str:
    return escape(render(f"programme.registration-form.{name}", **params))


def _fields(of: FormOf) -> Iterable[str]:
    yield _line("name", needed=True, also='autocomplete="name"')
    yield _choice("country", of.countries, needed=True)
    yield _line("organisation", also='list="organisations"')
    options = "".join(f'<option value="{escape(each)}">' for each in of.organisations)
    yield f'<datalist id="organisations">{options}</datalist>'
    yield _line("office", also='autocomplete="organization-title"')
    yield _line("email", kind="email", also='autocomplete="email"')
    yield _choice("role", _words(Profession))
    yield _choice("sex", _words(Sex), chosen=Sex.NOT_STATED)
    yield _choice("age_band", _words(AgeBand), chosen=AgeBand.NOT_STATED)


def _words(kind: type[StrEnum]) -> list[Choice]:
    return [(each.value, render_phrase(named(each))) for each in kind]


def _line(name: str, *, kind: str = "text", needed: bool = False, also: str = "") -> str:
    required = " required" if needed else ""
    return (
        f'<label>{_says(name)}<input name="{name}" type="{kind}" maxlength="{MOST[name]}"'
        f"{required} {also}></label>"
    )


def _choice(name: str, choices: Sequence[Choice], *, needed: bool = False, chosen: str = "") -> str:
    first = "" if chosen else '<option value=""></option>'
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(words)}</option>"
        for value, words in choices
    )
    required = " required" if needed else ""
    shown = _says(name.replace("_", "-"))
    return f'<label>{shown}<select name="{name}"{required}>{first}{options}</select></label>'


def _tick(name: str, words: str, *, needed: bool = False) -> str:
    required = " required" if needed else ""
    return (
        f'<label class="tick"><input type="checkbox" name="{name}" value="yes"{required}>'
        f"<span>{words}</span></label>"
    )
