"""One stretch of a file in an answer (RFC 9110, section 14): a download that broke off goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from kancil.ground.files import plain_name

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
STRICT = "default-src 'none'; sandbox"
"""Content policy of bytes of others: should a browser show them all the same, they do nothing."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which bytes are asked for, by the headers of a request."""

    range: str = ""
    if_range: str = ""
    is_head: bool = False


def stretch_of(request: HttpRequest) -> Stretch:
    """What a request asks for."""
    headers = request.headers
    return Stretch(headers.get("Range", ""), headers.get("If-Range", ""), request.method == "HEAD")


def attached(
    asked: Stretch,
    *,
    name: str,
    size_bytes: int,
    sha256: str,
    read: Callable[[int, int], Iterator[bytes]],
) -> HttpResponseBase:
    """Send bytes as a file to be kept, whole or the one stretch that is asked for.

    `read`: gives the bytes from the first to the last place; it is not called for a HEAD. Several
    stretches in one request are answered with the whole, as the standard lets a server do.
    """
    stretch = _stretch(asked, size_bytes, sha256)
    if stretch is None:
        answer: HttpResponseBase = HttpResponse(status=416)
        answer.headers["Content-Range"] = f"bytes */{size_bytes}"
        return answer
    first, last, is_part = stretch
    chunks = iter(()) if asked.is_head else read(first, last)
    answer = StreamingHttpResponse(
        chunks, content_type="application/octet-stream", status=206 if is_part else 200
    )
    if is_part:
        answer.headers["Content-Range"] = f"bytes {first}-{last}/{size_bytes}"
    named = content_disposition_header(as_attachment=True, filename=plain_name(name))
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Disposition"] = named or "attachment"
    answer.headers["Content-Length"] = str(last - first + 1)
    answer.headers["Content-Security-Policy"] = STRICT
    answer.headers["ETag"] = f'"{sha256}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _stretch(stretch: Stretch, size_bytes: int, sha256: str) -> tuple[int, int, bool] | None:
    """First and last place, and whether it is a part; None where there are no such bytes."""
    whole = (0, size_bytes - 1, False)
    asked = _RANGE.fullmatch(stretch.range.replace(" ", ""))
    is_other = stretch.if_range not in ("", f'"{sha256}"')
    if asked is None or is_other or asked[0] == "bytes=-":
        return whole
    if asked[1]:
        first, last = int(asked[1]), min(int(asked[2] or size_bytes - 1), size_bytes - 1)
        if asked[2] and int(asked[2]) < first:
            return whole  # no valid range: it is as if there were none
    else:
        first, last = max(0, size_bytes - int(asked[2])), size_bytes - 1
    return (first, last, True) if first <= last else None
