"""The patterns that can be planted: `PATTERNS` names every member of this folder.

To add one: write `<name>.py` with a member that keeps the promise of
`kancil.bitcoin.generator.pattern`, citing its source; name it in the tuple; add its test and its
row of `docs/reference/generated-chains.md`.
"""

from kancil.bitcoin.generator.pattern import Pattern
from kancil.bitcoin.generator.patterns.donation_campaign import DONATION_CAMPAIGN
from kancil.bitcoin.generator.patterns.dormant_burst import DORMANT_BURST
from kancil.bitcoin.generator.patterns.fan_in import FAN_IN
from kancil.bitcoin.generator.patterns.fan_out import FAN_OUT
from kancil.bitcoin.generator.patterns.gather_scatter import GATHER_SCATTER
from kancil.bitcoin.generator.patterns.layering import LAYERING
from kancil.bitcoin.generator.patterns.mixer import MIXER
from kancil.bitcoin.generator.patterns.pass_through import PASS_THROUGH
from kancil.bitcoin.generator.patterns.peel_chain import PEEL_CHAIN
from kancil.bitcoin.generator.patterns.scatter_gather import SCATTER_GATHER
from kancil.bitcoin.generator.patterns.service_hopping import SERVICE_HOPPING
from kancil.bitcoin.generator.patterns.structuring import STRUCTURING

PATTERNS: tuple[Pattern, ...] = (
    PEEL_CHAIN, FAN_IN, FAN_OUT, GATHER_SCATTER, SCATTER_GATHER, LAYERING, STRUCTURING,
    PASS_THROUGH, DORMANT_BURST, MIXER, SERVICE_HOPPING, DONATION_CAMPAIGN,
)  # fmt: skip

__all__ = ["PATTERNS"]
