"""The CoinJoins that can be planted: `COINJOINS` names every member of this folder.

To add one: write `<name>.py` with a member that keeps the promise of
`kancil.bitcoin.generator.coinjoin`, citing its source; name it in the tuple; add its test and its
row of `docs/reference/generated-chains.md`.
"""

from kancil.bitcoin.generator.coinjoin import CoinJoin
from kancil.bitcoin.generator.coinjoins.equal_output import EQUAL_OUTPUT
from kancil.bitcoin.generator.coinjoins.joinmarket import JOINMARKET
from kancil.bitcoin.generator.coinjoins.wasabi_1 import WASABI_1
from kancil.bitcoin.generator.coinjoins.wasabi_2 import WASABI_2
from kancil.bitcoin.generator.coinjoins.whirlpool import WHIRLPOOL

COINJOINS: tuple[CoinJoin, ...] = (WHIRLPOOL, WASABI_1, WASABI_2, JOINMARKET, EQUAL_OUTPUT)

__all__ = ["COINJOINS"]
