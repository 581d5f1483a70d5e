"""Codes of a second factor, as an app shows them."""

from __future__ import annotations

import time

PERIOD_S = 30
ENOUGH_S = 8
"""Left of the half minute, so that a code still counts when a slow machine has sent it."""


def code_now(secret: str) -> str:
    """The code of the present half minute, or of the next where too little is left of it."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    left = PERIOD_S - time.time() % PERIOD_S
    if left < ENOUGH_S:
        time.sleep(left)  # once: a test that has stopped the clock would wait for ever
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_S)))
