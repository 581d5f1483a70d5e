"""The sample unit and its site, and one small server for all tests of the look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from kancil.web.reach import Reach, take_up
from tests.built_once import built_once
from tests.cli.fixtures import sample, unit
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.look import serving
from tests.web.scam_site import read_tables
from tests.web.site import Site, site_of

__all__ = ["look_address", "sample", "site", "unit"]


@pytest.fixture(scope="module", autouse=True)
def _own_reach() -> Iterator[None]:
    """Let no module leave behind by which names this process is reached: it is set for all."""
    yield
    if settings.configured:
        take_up(Reach())


@pytest.fixture
def site(unit: Unit) -> Site:
    """A copy of the sample unit, served."""
    return site_of(unit)


@pytest.fixture(scope="session")
def scam_unit(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """The sample unit with the tables of the invented swindle, which nobody may change."""

    def build(root: Path) -> None:
        read_tables(copied(sample, root), root)

    return Unit(built_once(tmp_path_factory, "scam-unit", build) / "unit", sample.officer)


@pytest.fixture
def scam_site(scam_unit: Unit, tmp_path: Path) -> Site:
    """A copy of the unit with the swindle, served."""
    return site_of(copied(scam_unit, tmp_path))


@pytest.fixture(scope="session")
def look_address() -> Iterator[str]:
    """The address of the page that shows every part."""
    with serving() as address:
        yield address
