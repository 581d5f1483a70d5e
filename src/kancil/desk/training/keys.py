"""Trainers' keys in the age format: made for whoever has none, and read for their public half.

What is made is handed out once and kept nowhere; without it no key of a lab opens again.
"""

from __future__ import annotations

import pyrage

from kancil.evidence.age import identities_in
from kancil.ground import clock


def new_key_file() -> bytes:
    """A new identity as `age-keygen` writes one: a text file that whoever asked keeps alone."""
    made = pyrage.x25519.Identity.generate()
    lines = [
        f"# created: {clock.to_text(clock.now())}",
        f"# public key: {made.to_public()}",
        str(made),
    ]
    return "\n".join([*lines, ""]).encode()


def recipients_in(data: bytes, name: str) -> list[str]:
    """The public halves of the identities in a key file; raises OptionNotUsable."""
    return [str(each.to_public()) for each in identities_in(data, "key file", name)]
