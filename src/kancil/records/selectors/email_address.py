"""An e-mail address: a dot-atom and a domain (RFC 5321, RFC 5322 section 3.4.1), in small letters.

Mail servers may tell `A@x.org` from `a@x.org`; next to none does. Quoted local parts and addresses
of bare IP numbers are not read.
"""

from __future__ import annotations

import re

from kancil.records.selector import OneInACell

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")


class EmailAddress(OneInACell):
    """`name@domain`, an international domain in its ASCII form."""

    name = "email-address"

    def read(self, text: str, country: str = "") -> str | None:
        """The address in small letters; None where it has another form."""
        local, at, domain = text.strip().removeprefix("mailto:").rpartition("@")
        try:
            ascii_domain = domain.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
        if not at or len(local) > 64 or _LOCAL.fullmatch(local) is None:
            return None
        if len(ascii_domain) > 253 or _DOMAIN.fullmatch(ascii_domain) is None:
            return None
        return f"{local.lower()}@{ascii_domain}"


EMAIL_ADDRESS = EmailAddress()
