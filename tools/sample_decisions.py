"""What an officer decides in the swindle of the demonstration, in a process of its own.

All that looks like one account or one transfer is joined, and both conversions are confirmed; the
wallet of the exchange is left open, as an example of what is still to be decided.

    python -m tools.sample_decisions UNIT CASE
"""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from kancil.cli.frame.door import Door
from kancil.ground.owner import write_for_owner_only
from kancil.studies.reported.joins import CONVERSION, SAME, SERVICE, Decision, row_of

if TYPE_CHECKING:
    from kancil.desk.studies.reported import CaseBook

CONVERSIONS = (("E6, line 2", "E6, line 3"), ("E8, line 2", "E8, line 3"))
"""What came in and what went out for it: at the exchange, and at the swap service."""
_ROUNDS = 5
"""Once accounts are joined, more rows may look like one."""


def main(root: str, label: str) -> None:
    """Record the decisions; says how the case's first sentence reads then."""
    os.environ |= {"KANCIL_HOME": root, "KANCIL_OFFICER": "O1"}
    door = Door(SimpleNamespace(obj={}))
    ledger = door.ledger  # opens the books, whose tables can be imported then
    from kancil.desk.studies.actions import decide
    from kancil.desk.studies.cash_out_words import cash_out_said
    from kancil.desk.studies.reported import case_book

    case, by = door.roll.case(label).id, door.acting()

    def book() -> CaseBook:
        return case_book(ledger, door.workspace, door.vault, case)

    for _ in range(_ROUNDS):
        for each in book().suggestions:
            if each.what != SERVICE:
                joined = Decision(each.what, each.one, each.other, SAME, each.reason)
                decide(ledger, case=case, decision=joined, by=by)
    found = book().book
    for pair in CONVERSIONS:
        one, other = (row_of(found, place) for name in pair
                      if (place := found.place_named(name)) is not None)  # fmt: skip
        said = "The service's own statement has both"
        confirmed = Decision(CONVERSION, one, other, SAME, "own", said)
        decide(ledger, case=case, decision=confirmed, by=by)
    sys.stdout.write("\n".join([*cash_out_said(book()), ""]))


if __name__ == "__main__":
    write_for_owner_only()
    main(*sys.argv[1:])
