"""The page that hands out the certificate by which a browser trusts this classroom.

`kancil serve` laid the certificate into the workspace. It is read before sign-in, since nobody can
sign in safely without it; its fingerprint counts only where the trainer reads it out.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.custody.site_certificate import AUTHORITY_FILE, spoken_fingerprint
from kancil.desk.base.opening import current_workspace
from kancil.ground.phrase import Phrase
from kancil.web.cells import Section, button, empty, facts, identifier, note, show, when
from kancil.web.errors import AuthorityNotThere
from kancil.web.guard import error_page
from kancil.web.page import ANYONE, page

SYSTEMS = ("windows", "android", "apple", "linux", "firefox")
"""Where a certificate is installed in a way of its own; words `web.ca-<system>.*`."""


def _authority() -> bytes | None:
    """The certificate, PEM, where there is one."""
    path = current_workspace().root / AUTHORITY_FILE
    return path.read_bytes() if path.is_file() else None


@page("ca/", "site_authority", may=ANYONE)
def authority_page(request: HttpRequest) -> HttpResponse:
    """The certificate, its fingerprint, and how each system is made to trust it."""
    title, found = Phrase("web.room.site-authority"), _authority()
    if found is None:
        return show(request, title, [empty("web.ca.none", url="/")])
    ends_at = x509.load_pem_x509_certificate(found).not_valid_after_utc
    sections: list[Section] = [
        note("warn", "web.ca.compare"),
        facts("web.ca.certificate", [
            ("sha256", identifier(spoken_fingerprint(found))), ("expires", when(ends_at)),
        ]),
        {"kind": "told", "heading": Phrase("web.ca.how"), "texts": [Phrase("web.ca.scope")],
         "parts": [_steps(each) for each in SYSTEMS]},
    ]  # fmt: skip
    buttons = [button(reverse("site_authority_file"), "web.ca.download", main=True)]
    return show(request, title, sections, buttons=buttons, lead=Phrase("web.ca.lead"))


def _steps(system: str) -> Section:
    return {
        "kind": "folds",
        "heading": Phrase(f"web.authority-{system}.name"),
        "text": Phrase(f"web.authority-{system}.text"),
        "parts": [],
    }


@page("ca/kancil-classroom.crt", "site_authority_file", may=ANYONE)
def authority_file(request: HttpRequest) -> HttpResponse:
    """The certificate as a file (DER, RFC 2585), which systems offer to install."""
    found = _authority()
    if found is None:
        return error_page(request, AuthorityNotThere())
    answer = HttpResponse(
        x509.load_pem_x509_certificate(found).public_bytes(Encoding.DER),
        content_type="application/x-x509-ca-cert",
    )
    answer["Content-Disposition"] = 'attachment; filename="kancil-classroom.crt"'
    return answer
