"""The sample unit, for the tests of the doors."""

from tests.cli.fixtures import sample, unit

__all__ = ["sample", "unit"]
