"""One-time passwords, for accounts of either site."""

from __future__ import annotations

import secrets

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 5


def one_time_password() -> str:
    """Make a password that can be read aloud: 20 letters and digits, 99 bits, in four groups."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
