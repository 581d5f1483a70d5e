"""The page at the door: without sign-in, without names until its PIN opens them, without network.

A service worker keeps the page and its fixed files under the device's own address, so that a
telephone opens it again in a hall without network. What the page fetches once is the sealed list;
what it sends is signed with the device's key, which is the whole of its permission.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse

from kancil.desk.base.opening import told
from kancil.desk.programme.taking_part.attendance import sealed_of
from kancil.desk.programme.taking_part.marking import take_upload
from kancil.ground.errors import NotFound, Refused
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.attendance.marks import MOST_BYTES
from kancil.web.guard import status_of
from kancil.web.paging import ANYONE, View
from kancil.web.programme_page import page

_ADDRESS = "event/<str:device>/"
_SAMPLE = {"device": "01a00000-0000-7000-8000-000000000000"}
_WORKER = Path(__file__).parents[2] / "static" / "js" / "door-worker.js"
_KEPT = (
    "css/fonts.css", "css/tokens.css", "css/kancil.css", "css/parts.css", "css/door.css",
    "js/door.js", "favicon.svg", "fonts/NotoSans-Regular.woff2", "fonts/NotoSans-Bold.woff2",
    "fonts/NotoSansLao-Regular.woff2", "fonts/NotoSansKhmer-Regular.woff2",
    "fonts/NotoSansThai-Regular.woff2", "fonts/NotoSansMyanmar-Regular.woff2",
)  # fmt: skip
"""Fixed files that the page needs without network."""


def _by_key(view: View) -> View:
    """Mark a view whose request is signed by a device: no cookie says who sends it."""
    view.csrf_exempt = view.guards_itself = True  # type: ignore[attr-defined]
    return view


@page(_ADDRESS, "door", may=ANYONE, sample=_SAMPLE)
def door(request: HttpRequest, device: str) -> HttpResponse:
    """The page itself, the same for every device: nothing of an activity stands in it."""
    answer = render(request, "kancil/door.html", {"device": device[:36]})
    answer.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return answer


@page(f"{_ADDRESS}sealed.json", "door_sealed", may=ANYONE, sample=_SAMPLE)
def sealed(request: HttpRequest, device: str) -> HttpResponse:
    """The list under its PIN, until the device has opened it."""
    try:
        with told():
            return HttpResponse(sealed_of(device), content_type="application/json")
    except (NotFound, Refused) as error:
        return _refusal(error)


@page(f"{_ADDRESS}worker.js", "door_worker", may=ANYONE, sample=_SAMPLE)
def worker(request: HttpRequest, device: str) -> HttpResponse:
    """The service worker, at an address that lets it serve this device's page and no other."""
    kept = [reverse("door", args=[device]), *map(static, _KEPT)]
    text = f"const KEPT = {json.dumps(kept)};\n{_WORKER.read_text(encoding='utf-8')}"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@page(f"{_ADDRESS}manifest.json", "door_manifest", may=ANYONE, sample=_SAMPLE)
def manifest(request: HttpRequest, device: str) -> HttpResponse:
    """By which a telephone puts the page among its programs."""
    icon = {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    return JsonResponse(
        {
            "name": words("web.door.title"), "short_name": words("web.door.title"),
            "start_url": reverse("door", args=[device]), "display": "standalone", "icons": [icon],
        }
    )  # fmt: skip


@page(f"{_ADDRESS}marks/", "door_marks", may=ANYONE, methods=("POST",), sample=_SAMPLE)
@_by_key
def marks(request: HttpRequest, device: str) -> HttpResponse:
    """Take what the device signed; each mark that is not taken is answered with its reason."""
    stated = str(request.META.get("CONTENT_LENGTH") or "0")
    if not stated.isascii() or not stated.isdigit() or int(stated) > MOST_BYTES:
        return JsonResponse({"text": words("web.door.too-large")}, status=413)
    try:
        with told():
            taken = take_upload(request.body)
    except (NotFound, Refused) as error:
        return _refusal(error)
    refused = [{"id": one.id, "text": render_phrase(one.why.words)} for one in taken.refused]
    found: dict[str, Any] = {
        "taken": taken.taken, "again": taken.again, "sheets": taken.sheets, "refused": refused,
    }  # fmt: skip
    return JsonResponse(found)


def _refusal(error: NotFound | Refused) -> HttpResponse:
    status = status_of(error)
    text = words(f"error.{error.code}.sentence", **error.params)
    return JsonResponse({"code": error.code, "text": text}, status=status)
