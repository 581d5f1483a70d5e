"""The patterns: `PATTERNS` names every member of this folder, in the order shown to people.

To add one: write `<name>.py` with a member that keeps the promise of `kancil.bitcoin.pattern`,
citing its source; name it in the tuple; add its words, its test and its section of
`docs/reference/patterns.md`.
"""

from kancil.bitcoin.pattern import Pattern
from kancil.bitcoin.patterns.donation_campaign import DONATION_CAMPAIGN
from kancil.bitcoin.patterns.dormant_burst import DORMANT_BURST
from kancil.bitcoin.patterns.fan_in import FAN_IN
from kancil.bitcoin.patterns.fan_out import FAN_OUT
from kancil.bitcoin.patterns.gather_scatter import GATHER_SCATTER
from kancil.bitcoin.patterns.layering import LAYERING
from kancil.bitcoin.patterns.mixer import MIXER
from kancil.bitcoin.patterns.pass_through import PASS_THROUGH
from kancil.bitcoin.patterns.peel_chain import PEEL_CHAIN
from kancil.bitcoin.patterns.scatter_gather import SCATTER_GATHER
from kancil.bitcoin.patterns.service_hopping import SERVICE_HOPPING
from kancil.bitcoin.patterns.structuring import STRUCTURING

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
