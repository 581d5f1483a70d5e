"""Whether a country is bound by an instrument, signed it only, or neither: one word everywhere."""

from __future__ import annotations

from datetime import date

CONSENTS = ("", "ratified", "acceded", "accepted", "approved", "succeeded", "none")
"""How a State agreed to be bound (Vienna Convention on the Law of Treaties, articles 11 to 15)."""


def consent_standing(consent: str, signed_on: date | None) -> str:
    """How far a country is with an instrument: its consent, else whether it has signed.

    `signed-not-ratified` where it is recorded that there is no consent; `signed-unknown` where
    nothing is recorded of it; `none`; `unknown`.
    """
    if consent in ("", "none") and signed_on is not None:
        return "signed-not-ratified" if consent else "signed-unknown"
    return consent or "unknown"
