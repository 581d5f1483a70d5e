"""Joins verify-certificate.html: the page by which a telephone checks a certificate offline.

It is built as verify.html is (`reports/casework/bundle/page`), whose modules for JSON, digests and
signatures it shares, with the same policy: one script, one style, no network. Its own modules
stand in `script/`, its sentences in `words.json`; the form of a certificate is the one that the
program fills. `python -m kancil.reports.training.certificate.page.build` writes the page; a test
compares it with a fresh build.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kancil.reports.casework.bundle.page.build import (
    CATALOGUE,
    check_vendored,
    fill_page,
    join_modules,
    read_part,
)
from kancil.training.badges.template import FILES, template

FOLDER = Path(__file__).parent
PAGE = FOLDER / "verify-certificate.html"
DIGEST = FOLDER / "verify-certificate.html.sha256"
ENTRANCE = "script/badge_main.js"
FORM = "script/credential.js"
"""Not a file: the forms of a certificate, by achievement."""
PUBLISHED = FOLDER / "published.txt"
"""SHA-256 of every page that was published, oldest first; lines are only ever added."""


def build_page() -> bytes:
    """The bytes of the page."""
    check_vendored()
    page = (FOLDER / "page.html").read_text(encoding="utf-8")
    return fill_page(page, join_modules(ENTRANCE, _read), read_part("style.css"))


def _read(name: str) -> str:
    if name == CATALOGUE:
        words = json.loads((FOLDER / "words.json").read_bytes())
        written = json.dumps({"en": words}, indent=1, ensure_ascii=False)
        return f"/* The sentences of this page: words.json. */\nexport const WORDS = {written};\n"
    if name == FORM:
        forms = {achievement: template(achievement) for achievement in FILES}
        written = json.dumps(forms, indent=1, ensure_ascii=False)
        source = "training/badges/credential-*.json"
        return f"/* The forms of a certificate: {source}. */\nexport const FORMS = {written};\n"
    own = FOLDER / name
    return own.read_text(encoding="utf-8") if own.is_file() else read_part(name)


def write_page() -> str:
    """Write the page and its digest beside this file; gives the digest."""
    page = build_page()
    digest = hashlib.sha256(page).hexdigest()
    PAGE.write_bytes(page)
    DIGEST.write_text(f"{digest}  {PAGE.name}\n", encoding="ascii")
    known = PUBLISHED.read_text(encoding="ascii").split()
    if digest not in known:
        PUBLISHED.write_text("\n".join([*known, digest, ""]), encoding="ascii")
    return digest


if __name__ == "__main__":
    write_page()
