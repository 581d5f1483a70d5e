"""The scoring methods: `METHODS` names every member of this folder.

To add one, or to change one: write `<name>_<version>.py` with a member that keeps the promise of
`kancil.assessment.method`; name it in the tuple; add its test and its section of
`docs/reference/scoring.md`. A released method is never changed.
"""

from kancil.assessment.method import Method
from kancil.assessment.methods.area_profile_1 import AREA_PROFILE_1

METHODS: tuple[Method, ...] = (AREA_PROFILE_1,)

__all__ = ["AREA_PROFILE_1", "METHODS"]
