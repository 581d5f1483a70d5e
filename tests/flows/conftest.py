"""The sample unit, for the tests of the whole trips."""

from tests.cli.fixtures import sample, unit

__all__ = ["sample", "unit"]
