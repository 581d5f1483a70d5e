"""One-time change: the one output whose address is new here, and is never paid again.

Source: S. Meiklejohn and others, *A Fistful of Bitcoins*, IMC 2013, section 4.3, heuristic 2 and
definition 4.3: the address appears for the first time, the transaction is no coin generation, no
output pays an input's address, and no other output appears for the first time. Section 4.5 refines
it by waiting: an address that is paid again was no one-time address. E. Androulaki and others,
*Evaluating User Privacy in Bitcoin*, FC 2013, heuristic II (*shadow addresses*), has the same for
exactly two outputs of which one is new; then both rules hold and the rule is told as `two-outputs`.

First appearance is known only where all blocks from the first one on are held, and that an address
is not paid again only as far as the blocks held reach: with fewer than 144 later blocks, about a
day, it is not known.
"""

from __future__ import annotations

from kancil.bitcoin.change.codes import WAIT_BLOCKS
from kancil.bitcoin.change.heuristic import (
    ChangeHeuristic,
    ChangeVerdict,
    Seen,
    names,
    names_none,
    too_few,
    untold,
)


def _judge(seen: Seen) -> ChangeVerdict:
    few = too_few(seen)
    if few is not None:
        return few
    if not seen.has_known_scripts:
        return untold("why.change-input-scripts")
    for n in seen.candidates:
        if seen.pays_input_script(n):
            return names_none("why.change-self-change", output=n)
    new = [n for n in seen.candidates if not seen.fates[n].paid_before]
    if any(seen.fates[n].paid_before is None for n in new):
        return untold("why.change-past-not-held")
    if len(new) != 1:
        return names_none("why.change-not-one-new", count=len(new), of=len(seen.candidates))
    again = seen.fates[new[0]].paid_again
    if again is None:
        return untold("why.change-future-not-held", output=new[0], blocks=WAIT_BLOCKS)
    if again:
        return names_none("why.change-paid-again", output=new[0])
    rule = "two-outputs" if len(seen.candidates) == 2 else "one-time"
    return names(new[0], rule, "why.change-one-time", others=len(seen.candidates) - 1)


ONE_TIME = ChangeHeuristic(
    name="one-time",
    source=(
        "Meiklejohn and others: A Fistful of Bitcoins, IMC 2013, definition 4.3 and section 4.5; "
        "Androulaki and others: Evaluating User Privacy in Bitcoin, FC 2013, heuristic II"
    ),
    looks_ahead=True,
    judge=_judge,
    kernel="one_time",
    takes=lambda over, _: (over.history,),
)
