"""The pages of the programme's site, each with an address in the sample."""

from __future__ import annotations

import re
from typing import Any

from tests.web.programme.served import ProgrammeSite

CAPABILITY, LEGAL, THREAT = "capability-2026.2", "legal-2026.4", "threat-2026.1"
STUDY = "study-2026.1"
GIVEN = {
    "protocol": CAPABILITY, "indicator": "DN03", "country": "XKA", "of": "area", "id": "dn",
    "instrument": "uncc", "number": 1,
}  # fmt: skip
OF_OTHERS = {
    **dict.fromkeys(("legal_matrix", "matrix_file", "matrix_sign", "matrix_instrument"), LEGAL),
    "provision": LEGAL,
    "threats": THREAT,
}
"""Protocols of pages that are of another one than `GIVEN` says."""


def pages() -> list[Any]:
    """List all pages of the site."""
    from kancil.web.programme_page import PAGES
    from kancil.web.sites import programme as site_module

    assert site_module.urlpatterns
    return PAGES


def address(page: Any, site: ProgrammeSite, **other: Any) -> str:
    """The address of a page for the sample's round under way, or for another one."""
    from django.urls import reverse

    wanted = re.findall(r"<\w+:(\w+)>", page.address)
    given = {**GIVEN, **site.ids, "round": site.second}
    given["item"] = site.ids["evidence" if page.name.startswith("evidence") else "plan-item"]
    if page.name.startswith("study"):
        given["protocol"] = STUDY
    if page.name in OF_OTHERS:
        given["protocol"] = OF_OTHERS[page.name]
    if given["protocol"] == LEGAL:
        given["indicator"] = "uncc.7"
    known = {**page.sample, **given, **other}
    return reverse(page.name, kwargs={name: known.get(name, 1) for name in wanted})
