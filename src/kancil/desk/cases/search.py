"""What the search box reads of cases: by number, digest, title, seal or officer.

Letter case is folded alike in every script and on either database: rows hold texts folded too.
Every question is asked of named cases alone, those of whoever asks; what stands in others is not
there. Each gives at most `most` rows and one more, by which the page knows that there are others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models import Q

from kancil.ground.folding import folded

from .models import Case, Content, Exhibit, Finding, Officer, Study, Trace

_DIGESTS = {"sha256": 64, "sha1": 40, "md5": 32}
_HEX = re.compile(r"[0-9a-f]{8,64}")


def cases_titled(text: str, cases: Sequence[str], most: int) -> list[Case]:
    """Find cases by a part of their title, the one with the newest entry first."""
    found = Case.objects.filter(id__in=cases, title_folded__contains=folded(text)).order_by(
        "-last_at"
    )
    return list(found[: most + 1])


def exhibits_numbered(name: str, cases: Sequence[str]) -> list[Exhibit]:
    """Find exhibits by number (`12`, `E12`) or id."""
    digits = name[1:] if name[:1] in "Ee" else name
    if digits.isascii() and digits.isdigit() and len(digits) < 16:
        found = Exhibit.objects.filter(number=int(digits), case_id__in=cases)
    else:
        found = Exhibit.objects.filter(id=name[:36], case_id__in=cases)
    return list(found.select_related("case"))


def exhibits_titled(text: str, cases: Sequence[str], most: int) -> list[Exhibit]:
    """Find exhibits by a part of their title, or by the number of the seal they are under."""
    named = Q(title_folded__contains=folded(text)) | Q(seal_folded=folded(text))
    found = Exhibit.objects.filter(named, case_id__in=cases)
    return list(found.select_related("case").order_by("number")[: most + 1])


def exhibits_with(digest: str, cases: Sequence[str], most: int) -> list[Exhibit]:
    """Find exhibits with bytes of this SHA-256, SHA-1 or MD5, or of one that begins so.

    Of several files, the digest is their listing's.
    """
    digest = digest.lower()
    if _HEX.fullmatch(digest) is None:
        return []
    asked = Q()
    for name, length in _DIGESTS.items():
        if len(digest) == length:
            asked |= Q(**{name: digest})
        elif len(digest) < length:
            # `g` stands behind all digits of a digest, so that an index finds the stretch.
            asked |= Q(**{f"{name}__gte": digest, f"{name}__lt": digest + "g"})
    held = Content.objects.filter(asked).values("exhibit_id")
    found = Exhibit.objects.filter(id__in=held, case_id__in=cases)
    return list(found.select_related("case").order_by("number")[: most + 1])


def trace_numbered(number: int, cases: Sequence[str]) -> Trace | None:
    """Find a recorded trace by its number."""
    found = Trace.objects.filter(number=number, case_id__in=cases)
    return found.select_related("case").first()


def study_numbered(number: int, cases: Sequence[str]) -> Study | None:
    """Find a recorded study other than a trace by its number."""
    found = Study.objects.filter(number=number, case_id__in=cases)
    return found.select_related("case").first()


def finding_numbered(number: int, cases: Sequence[str]) -> Finding | None:
    """Find an accepted finding by its number."""
    found = Finding.objects.filter(number=number, case_id__in=cases)
    return found.select_related("case").first()


def officers_named(text: str, most: int) -> list[Officer]:
    """Find officers of the unit by number (`O3`), or by a part of their name."""
    named = Q(name_folded__contains=folded(text))
    if text[:1] in "Oo" and text[1:].isascii() and text[1:].isdigit() and len(text) < 16:
        named |= Q(number=int(text[1:]))
    return list(Officer.objects.filter(named)[: most + 1])
