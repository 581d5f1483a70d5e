"""Whether the amounts of a trace add up, asked by whatever says them: no part without its whole.

Under a policy that adds up, `start = overlap + resting + newly issued + unknown source + fees +
left out + undetermined`, each at its lower bound (`kancil.bitcoin.tracing.result.Totals`). A
sentence, a report or a finding whose parts do not come to this is not said at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kancil.studies.sums import require_parts

ENDS = ("resting", "newly_issued", "unknown_source", "fees", "left_out")
"""Where coins end, as the columns of the totals name it."""
OVERLAP = "overlap"
"""What was counted once although two starts name it."""


def require_sums(totals: Iterable[Mapping[str, Any]]) -> None:
    """Raise SumsWrong where a row of the totals says parts that do not sum to its start."""
    for row in totals:
        if row["adds_up"] != "yes":
            continue
        parts = [bounds_of(row, f"{part}_") for part in (*ENDS, OVERLAP)]
        open_sat = int(row["undetermined_sat"])
        place = f"{row['policy']}, {row['order']}"
        require_parts(place, int(row["start_sat"]), parts, undetermined=open_sat)


def bounds_of(row: Mapping[str, Any], part: str = "") -> tuple[int, int]:
    """The least and the most of a row, or of a part of it, in satoshi."""
    return int(row[f"{part}lower_sat"]), int(row[f"{part}upper_sat"])
