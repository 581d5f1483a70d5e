"""The sample unit with people, on each database, for the tests of the index."""

from tests.work.fixtures import any_shop, on_postgresql, sample, shop, staffed

__all__ = ["any_shop", "on_postgresql", "sample", "shop", "staffed"]
