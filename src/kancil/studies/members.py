"""The members of the promise `Study`; adding one touches its folder and this tuple."""

from __future__ import annotations

from kancil.ground.registry import Registry

from .change.study import CHANGE
from .cluster.study import CLUSTER
from .disk.study import DISK
from .exposure.study import EXPOSURE
from .pattern.study import PATTERN
from .study import Study
from .trace.study import TRACE

STUDIES: tuple[Study, ...] = (TRACE, EXPOSURE, CLUSTER, CHANGE, PATTERN, DISK)


def study_named(name: str) -> Study:
    """A member by its name; raises MemberNotFound."""
    return Registry("study", STUDIES).named(name)
