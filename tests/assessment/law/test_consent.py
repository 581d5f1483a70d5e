"""How far a country is with an instrument, in one word."""

from __future__ import annotations

from datetime import date

import pytest

from kancil.assessment.law.consent import CONSENTS, consent_standing
from kancil.ground.words import has

DAY = date(2025, 10, 25)


@pytest.mark.parametrize(
    ("consent", "signed_on", "standing"),
    [
        ("none", DAY, "signed-not-ratified"),
        ("", DAY, "signed-unknown"),
        ("none", None, "none"),
        ("", None, "unknown"),
        ("ratified", DAY, "ratified"),
        ("acceded", None, "acceded"),
    ],
)
def test_a_signature_without_consent_is_a_standing_of_its_own(
    consent: str, signed_on: date | None, standing: str
) -> None:
    assert consent_standing(consent, signed_on) == standing


def test_each_standing_has_its_words_on_pages_and_papers() -> None:
    for consent in CONSENTS:
        for signed_on in (None, DAY):
            standing = consent_standing(consent, signed_on)
            assert has(f"web.consent.{standing}"), standing
            assert has(f"name.paper-consent-{standing}"), standing
            assert standing == "unknown" or has(f"web.treaty.{standing}"), standing
