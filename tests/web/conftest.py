"""The sample unit and its site, for the tests of the pages."""

import pytest

from tests.cli.fixtures import sample, unit
from tests.cli.running import Unit
from tests.web.site import Site, site_of

__all__ = ["sample", "site", "unit"]


@pytest.fixture
def site(unit: Unit) -> Site:
    """Give a copy of the sample unit, served."""
    return site_of(unit)
