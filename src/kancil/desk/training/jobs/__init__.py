"""Jobs of the classroom; importing it makes them known."""

from __future__ import annotations

from .first_blocks import read_first_blocks
from .making import make_variants

JOBS = (make_variants, read_first_blocks)
