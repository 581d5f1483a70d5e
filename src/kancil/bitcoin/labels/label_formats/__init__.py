"""The label formats: `LABEL_FORMATS` names every member, the most particular first.

To add one: write `<format>.py` with a member that keeps the promise of
`kancil.bitcoin.labels.label_format`; name it in the tuple; add its test and its section of
`docs/reference/labels.md`.
"""

from kancil.bitcoin.labels.label_format import LabelFormat

from .nbctf import NBCTF
from .ofac import OFAC
from .table import TABLE
from .tagpack import TAGPACK

LABEL_FORMATS: tuple[LabelFormat, ...] = (OFAC, NBCTF, TAGPACK, TABLE)

__all__ = ["LABEL_FORMATS", "NBCTF", "OFAC", "TABLE", "TAGPACK"]
