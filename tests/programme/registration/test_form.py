"""The form as one file: sends nothing, escapes what it is told, and writes what is read again."""

from __future__ import annotations

import base64
import hashlib
import re

from kancil.programme.registration.form import FormOf, form_page
from kancil.programme.registration.registrant import FIELDS, FORMAT

EVIL = '"><script>alert(1)</script>'
OF = FormOf("2026-SEA-014", EVIL, "2026-09-01", EVIL, [("XKA", "Kasa"), (EVIL, EVIL)], [EVIL])


def test_what_it_is_told_stays_text() -> None:
    page = form_page(OF).decode()
    assert EVIL not in page
    assert page.count("<script>") == 1
    assert page.count("&lt;script&gt;") >= 4


def test_its_policy_allows_its_own_script_and_style_and_no_connection() -> None:
    page = form_page(OF).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none'; ")
    assert "form-action 'none'" in policy
    for tag in ("script", "style"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r"https?://|fetch|XMLHttp|sendBeacon", page)


def test_it_asks_for_the_fields_that_are_read_and_says_its_format() -> None:
    page = form_page(OF, "ar").decode()
    asked = set(re.findall(r' name="(\w+)"', page)) - {"viewport", "adult", "consent"}
    assert asked == set(FIELDS) - {"consent_on", "consent_to"}
    assert f'"{FORMAT}"' in page
    assert '<html lang="ar" dir="rtl">' in page
    assert 'name="adult" value="yes" required' in page
