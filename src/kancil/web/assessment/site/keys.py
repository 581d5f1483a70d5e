"""Keys of colleagues: under which their laptops sign the files of answers that they send.

A key is known once somebody compared its fingerprint with what its owner told by another road.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kancil.desk.assessment.actions.site import add_known_key, end_known_key
from kancil.desk.assessment.queries.site import KeyRow, known_keys
from kancil.desk.people.queries import Role, people
from kancil.ground.errors import SignatureWrong
from kancil.ground.phrase import Phrase
from kancil.ground.signedfile import PUBLIC_KEY_FORMAT, SITE, read_signed, require_same_kind
from kancil.ground.words import render as words
from kancil.ground.workspace import Site
from kancil.web.cells import (
    Section,
    choosing,
    empty,
    form,
    identifier,
    minute,
    show,
    table,
)
from kancil.web.confirming import confirm_first, confirming_note, is_confirmed, typed
from kancil.web.forms import WordsForm, choose, text
from kancil.web.parts import Cell, Tick
from kancil.web.programme_page import KEEPERS, page
from kancil.web.signed_in import person_of

KEEPERS_OF_KEYS = KEEPERS | {Role.TEAM_LEAD}
_LIMIT_BYTES = 20_000


class KeyForm(WordsForm):
    """A colleague's public key, and how it was compared."""

    key_file = forms.FileField(max_length=200)
    key_owner = forms.ChoiceField(choices=())
    key_fingerprint = text(60)
    compared_how = text(300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the active accounts."""
        super().__init__(*args, **kwargs)
        there = [
            (str(each.pk), f"{each.name} ({each.username})") for each in people() if each.is_active
        ]
        choose(self, "key_owner", [("", words("web.form.choose")), *there])

    def public_raw(self) -> bytes:
        """Read the key out of the file; raises SignatureWrong, MadeInClassroom."""
        sent: UploadedFile[Any] = self.cleaned_data["key_file"]
        name = PurePosixPath(str(sent.name or "")).name[:100] or "key"
        content = sent.read(_LIMIT_BYTES)
        statement = read_signed(content, format_name=PUBLIC_KEY_FORMAT, path=name)
        require_same_kind(is_training=SITE in statement, at=Site.PROGRAMME, name=name)
        try:
            return base64.b64decode(statement["public_key"], validate=True)
        except (binascii.Error, TypeError, ValueError) as error:
            raise SignatureWrong(path=name) from error


@page("keys/", "known_keys", may=KEEPERS_OF_KEYS, methods=("GET", "POST"), menu="site", order=85)
def keys_page(request: HttpRequest) -> HttpResponse:
    """Show the keys that are known, add one, end one."""
    by = person_of(request)
    is_ending = request.POST.get("do") == "end"
    is_adding = request.method == "POST" and not is_ending
    asked = KeyForm(request.POST, request.FILES) if is_adding else KeyForm(initial=typed(request))
    if request.method == "POST" and not is_confirmed(request):
        return confirm_first(request, asked)
    if is_ending and request.POST.getlist("fingerprint"):
        for fingerprint in request.POST.getlist("fingerprint"):
            end_known_key(by=by, fingerprint=fingerprint)
        messages.success(request, words("web.keys.ended"))
        return redirect("known_keys")
    if is_adding and asked.is_valid():
        with asked.telling():
            given = asked.cleaned_data
            add_known_key(
                by=by,
                person=int(given["key_owner"]),
                public_raw=asked.public_raw(),
                stated=given["key_fingerprint"],
                compared_how=given["compared_how"],
            )
            messages.success(request, words("web.keys.added"))
            return redirect("known_keys")
    known = known_keys(by)
    sections: list[Section] = [*confirming_note(request, "web.keys.confirm")]
    sections += _known([row for row in known if row.ended_at is None])
    one = form("web.keys.add", asked, submit="web.keys.add-do", text="web.keys.add-text")
    sections.append({**one, "keep": ""})
    ended = [row for row in known if row.ended_at is not None]
    if ended:
        columns = ("whose", "fingerprint", "ended")
        rows: list[tuple[Cell, ...]] = [
            (row.name, identifier(row.fingerprint), minute(row.ended_at)) for row in ended
        ]
        sections.append(table("web.keys.ended-ones", columns, rows))
    lead = Phrase("web.keys.lead")
    return show(request, Phrase("web.room.known-keys"), sections, lead=lead)


def _known(rows: list[KeyRow]) -> list[Section]:
    if not rows:
        return [empty("web.keys.none", icon="sealed")]
    shown: list[tuple[Cell, ...]] = [
        (
            Tick("fingerprint", row.fingerprint, Phrase("web.keys.tick", {"name": row.name})),
            row.name,
            identifier(row.fingerprint),
            row.compared_how,
            minute(row.added_at),
        )
        for row in rows
    ]
    columns = ("end", "whose", "fingerprint", "compared-how", "since")
    return [choosing("web.keys.known", columns, shown, submit="web.keys.end", do="end",
                     text=Phrase("web.keys.end-text"))]  # fmt: skip
