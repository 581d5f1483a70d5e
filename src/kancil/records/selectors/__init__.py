"""Kinds of selector that no craft has for its own; bitcoin's stand in its craft.

To add one: write `<name>.py` with a member that keeps the promise of `kancil.records.selector`,
name it in the tuple, and add its words (`name.selector-<name>`) and its test.
"""

from kancil.records.selector import SelectorKind

from .bank_account import BANK_ACCOUNT
from .email_address import EMAIL_ADDRESS
from .ethereum import ETHEREUM_ADDRESS, ETHEREUM_TXID
from .iban import IBAN
from .phone_number import PHONE_NUMBER
from .tron import TRON_ADDRESS, TRON_TXID

SELECTORS: tuple[SelectorKind, ...] = (
    TRON_ADDRESS,
    TRON_TXID,
    ETHEREUM_ADDRESS,
    ETHEREUM_TXID,
    IBAN,
    BANK_ACCOUNT,
    PHONE_NUMBER,
    EMAIL_ADDRESS,
)

__all__ = ["SELECTORS"]
