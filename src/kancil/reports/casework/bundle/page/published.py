"""The digests of every verify.html that was published, oldest first (`published.txt`).

One a line: SHA-256, and the newest bundle format that the page knows. Lines are only ever added:
bundles name a page by its digest for as long as they are kept. The page itself is built with those
of the formats before its own, since it cannot hold its own digest.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

LIST = Path(__file__).parent / "published.txt"


@cache
def published() -> dict[str, int]:
    """Each published digest (hex), and the number of the newest bundle format its page knows."""
    lines = LIST.read_text(encoding="ascii").splitlines()
    rows = (line.split(" kancil-bundle/") for line in lines)
    return {digest: int(number) for digest, number in rows}


def published_before(number: int) -> frozenset[str]:
    """The digests of pages that know only formats before this number."""
    return frozenset(digest for digest, newest in published().items() if newest < number)
