"""The entry that a file of law was imported: texts of law, agreements, status of treaties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .acting import ActingOfficer, write_act
from .entry import Draft, Entry
from .store import LedgerStore


def record_law(
    ledger: LedgerStore,
    *,
    sha256: str,
    name: str,
    counts: Mapping[str, int],
    countries: Sequence[str],
    by: ActingOfficer,
) -> Entry:
    """Record an import; `counts`: `offences`, `agreements`, `statuses`, `entries`.

    What the file states stays its author's word: nobody here compared it with the law.
    """
    body = {"countries": list(countries), "name": name, "sha256": sha256, **counts}
    return write_act(ledger, by, lambda _roll: Draft("law.imported", body, by.id))
