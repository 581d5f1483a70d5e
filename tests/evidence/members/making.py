"""Archives made by the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from kancil.evidence.members.archive import Limits, Member
from kancil.evidence.members.opening import LIMITS, members_of
from kancil.evidence.reading.kinds import HEAD_BYTES, kind_of, may_be_text
from kancil.ground.skipped import Skipped


def zipped(files: Mapping[str, bytes], level: int | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def opened(
    path: str, data: bytes, limits: Limits = LIMITS
) -> tuple[dict[str, bytes], dict[str, str]]:
    """What lies in a file, and what was left out: data by path, codes by place."""
    kind = kind_of(data[:HEAD_BYTES], path, may_be_text)
    found = list(members_of(kind, path, data, limits))
    members = {each.path: each.data for each in found if isinstance(each, Member)}
    return members, {each.place: each.code for each in found if isinstance(each, Skipped)}
