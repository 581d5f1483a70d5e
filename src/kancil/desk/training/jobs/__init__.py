"""Jobs of the classroom; importing it makes them known."""

from __future__ import annotations

from .making import make_variants

JOBS = (make_variants,)
