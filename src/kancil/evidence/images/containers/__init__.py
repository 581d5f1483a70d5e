"""The kinds of container. To add one: a file beside these, its name in `CONTAINERS`, its test.

`RAW` recognises whatever it is given and stands last.
"""

from __future__ import annotations

from kancil.evidence.images.container import Container

from .ewf import EWF
from .qcow import QCOW
from .raw import RAW
from .udif import UDIF
from .vhd import VHD
from .vmdk import VMDK

CONTAINERS: tuple[Container, ...] = (EWF, QCOW, VMDK, VHD, UDIF, RAW)
NO_READER = (
    (b"ADSEGMENTEDFILE\0", "AD1"),
    (b"LVF\x09\x0d\x0a\xff\x00", "L01"),
    (b"LEF2\x0d\x0a\x81\x00", "Lx01"),
    (b"AFF10\r\n\x00", "AFF"),
)
"""How images begin that are known and for which there is no reader under a permissive licence."""
