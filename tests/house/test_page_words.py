"""A page says what to do on the site: it names no command and no option of one."""

from __future__ import annotations

import re

from kancil.custody.kinds import KINDS
from kancil.ground.errors import KancilError
from tests.house.survey import PACKAGE, english
from tools.every_error import every_error

COMMAND = re.compile(r"kancil [a-z]|(?<![\w-])--[a-z]")
OFF_THE_PAGES = re.compile(
    r"kancil\.(cli|wire|assessment|desk\.assessment|bitcoin\.(export|generator|store))\b"
)
"""Rooms whose errors no page of the unit meets."""
BEFORE_THE_PAGES = {
    "backup-of-other-site", "backup-signer-unknown", "ledger-format-unreleased",
    "network-without-tls", "store-limit-reached", "workspace-not-found",
}  # fmt: skip
"""Met before a site is served, or by a command alone."""
SHOWN = re.compile(r"web\.(?!next-in-|assess)|note\.graph-|status\.")


def next_of(kind: type[KancilError]) -> str:
    """What a page of the unit says to do next."""
    words = english()
    return words.get(f"web.next-in-unit.{kind.code}") or words[f"error.{kind.code}.next"]


def test_what_to_do_next_can_be_done_on_the_site() -> None:
    named = [
        kind.code
        for _, kind in every_error()
        if not OFF_THE_PAGES.match(kind.__module__)
        and kind.code not in BEFORE_THE_PAGES
        and COMMAND.search(next_of(kind))
    ]
    assert not named


def test_every_kind_of_ledger_entry_has_a_name_in_the_history_of_a_case() -> None:
    names = {kind: f"web.kind.{kind.replace('.', '-')}" for kind in KINDS}
    assert [kind for kind, name in names.items() if name not in english()] == []


def test_no_sentence_of_the_units_pages_names_a_command() -> None:
    from tools.build_words import ENGLISH, read_room

    programme = {key for path in ENGLISH.glob("web_assess*.po") for key in read_room(path)[0]}
    named = {
        key
        for key, sentence in english().items()
        if SHOWN.match(key) and key not in programme and COMMAND.search(sentence)
    }
    assert not named


def test_the_page_in_a_bundle_knows_every_kind_of_entry() -> None:
    script = (PACKAGE / "reports/casework/bundle/page/script/entry.js").read_text(encoding="utf-8")
    assert set(re.findall(r'"([a-z]+\.[a-z-]+)"', script)) == set(KINDS)
