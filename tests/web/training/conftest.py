"""A classroom, served, with the tiny lab among its labs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.desk.training.conftest import founded_room, room, sample, school, unit
from tests.desk.training.school import School
from tests.web.training.browser import CLASSROOM, Browsers

__all__ = ["founded_room", "room", "sample", "school", "unit"]


@pytest.fixture
def browsers(school: School) -> Iterator[Browsers]:
    """Browsers of the class's people."""
    with override_settings(ROOT_URLCONF=CLASSROOM):
        yield Browsers(school)
