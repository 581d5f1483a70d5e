"""E-mail addresses: published examples, and what is refused."""

from __future__ import annotations

import pytest

from kancil.records.selectors import SELECTORS

KINDS = {one.name: one for one in SELECTORS}


@pytest.mark.parametrize(
    ("kind", "typed", "read"),
    [
        ("email-address", "mailto:Some.One@Example.ORG", "some.one@example.org"),
        ("email-address", "ສະບາຍດີ@example.org", None),
        ("email-address", "a@b@example.org", None),
        ("email-address", "a..b@example.org", None),
        ("email-address", "a@localhost", None),
        ("email-address", "a@bücher.example", "a@xn--bcher-kva.example"),
    ],
)
def test_it_reads_its_own_form_alone(kind: str, typed: str, read: str | None) -> None:
    assert KINDS[kind].read(typed, "LA") == read
