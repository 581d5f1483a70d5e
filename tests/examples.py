"""How many examples a property test tries."""

from __future__ import annotations

from hypothesis import settings

LEAST = 10


def examples(count: int) -> settings:
    """So many where all is tried; in `make test` the share of them that its profile tries."""
    now, whole = settings(), settings.get_profile("whole")
    return settings(max_examples=max(LEAST, count * now.max_examples // whole.max_examples))
