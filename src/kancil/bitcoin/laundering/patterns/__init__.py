"""The patterns: `PATTERNS` names every member of this folder, in the order shown to people.

To add one: write `<name>.py` with a member that keeps the promise of
`kancil.bitcoin.laundering.pattern`, citing its source; name it in the tuple; add its words, its
test and its section of `docs/reference/patterns.md`.
"""

from kancil.bitcoin.laundering.pattern import Pattern

from .donation_campaign import DONATION_CAMPAIGN
from .dormant_burst import DORMANT_BURST
from .fan_in import FAN_IN
from .fan_out import FAN_OUT
from .gather_scatter import GATHER_SCATTER
from .layering import LAYERING
from .mixer import MIXER
from .pass_through import PASS_THROUGH
from .peel_chain import PEEL_CHAIN
from .scatter_gather import SCATTER_GATHER
from .service_hopping import SERVICE_HOPPING
from .structuring import STRUCTURING

PATTERNS: tuple[Pattern, ...] = (
    PEEL_CHAIN,
    FAN_IN,
    FAN_OUT,
    GATHER_SCATTER,
    SCATTER_GATHER,
    LAYERING,
    STRUCTURING,
    PASS_THROUGH,
    DORMANT_BURST,
    MIXER,
    SERVICE_HOPPING,
    DONATION_CAMPAIGN,
)

__all__ = ["PATTERNS"]
