"""MANIFEST.json: the list of everything in a bundle that its signature covers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from kancil.ground import canonical

FORMAT_NAME = "kancil-bundle"
UNDECLARED_NUMBER = 1
"""The format whose ledger entry declares neither format nor page, nor all that is sealed."""
TRACES_NUMBER = 2
"""The format of a bundle of traces alone."""
FORMAT_NUMBER = 3
"""The newest format: of a bundle with studies."""

MANIFEST = "MANIFEST.json"
SIGNATURE = "MANIFEST.sig"
PAGE = "verify.html"
OUTSIDE = frozenset({MANIFEST, SIGNATURE, PAGE})
"""Members that the manifest does not list."""
STUDIES = "analysis/studies/"
"""Where the recorded results of studies lie."""
VIEWS = "views/"
"""Where saved views lie: an officer's work, and no part of the analysis."""

KEYS = (
    "analysis_sha256", "case", "checkpoint_sha256", "files", "format", "kancil", "key", "made_at",
    "network", "officer", "unit",
)  # fmt: skip
MADE_ENTRY = "made_entry"
"""Key of a manifest from format 2 on: hash (hex) of the entry `bundle.made` of this bundle."""
SITE = "site"
"""Key that a manifest has only where it was made in a classroom; then its value is `classroom`."""
KEYS_OF = {
    UNDECLARED_NUMBER: frozenset(KEYS),
    TRACES_NUMBER: frozenset((*KEYS, MADE_ENTRY)),
    FORMAT_NUMBER: frozenset((*KEYS, MADE_ENTRY)),
}
"""The keys of a manifest, by number of the format."""


def view_member(number: int) -> str:
    """The member that holds a saved view; `number`: from 1."""
    return f"{VIEWS}{number}.json"


def format_of(members: Iterable[str]) -> str:
    """The format of a bundle with members of these names: the oldest that can hold them."""
    has_studies = any(name.startswith(STUDIES) for name in members)
    return f"{FORMAT_NAME}/{FORMAT_NUMBER if has_studies else TRACES_NUMBER}"


def list_files(members: Mapping[str, bytes]) -> list[dict[str, str]]:
    """The manifest's `files`: every member but those outside it, in the order of the ZIP."""
    return [
        {
            "path": name,
            "sha256": hashlib.sha256(members[name]).hexdigest(),
            "size_bytes": str(len(members[name])),
        }
        for name in sorted(members)
        if name not in OUTSIDE
    ]


def analysis_digest(files: list[dict[str, str]]) -> str:
    """The SHA-256 (hex) of the canonical JSON of the `analysis/` elements of `files`."""
    chosen = [file for file in files if file["path"].startswith("analysis/")]
    return hashlib.sha256(canonical.dumps(chosen)).hexdigest()


def digest_of_analysis(members: Mapping[str, bytes]) -> str:
    """The same digest straight from members."""
    return analysis_digest(list_files(members))


def build_manifest(members: Mapping[str, bytes], **facts: Any) -> bytes:
    """Write MANIFEST.json over these members; `facts` are its other keys (see KEYS_OF, SITE)."""
    files = list_files(members)
    manifest = {
        **facts,
        "analysis_sha256": analysis_digest(files),
        "files": files,
        "format": format_of(members),
    }
    if set(manifest) - {SITE} != KEYS_OF[FORMAT_NUMBER]:
        raise AssertionError(sorted(set(manifest) ^ KEYS_OF[FORMAT_NUMBER]))
    return canonical.dumps(manifest)
