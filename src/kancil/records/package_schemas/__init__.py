"""Schemas of packages between sites.

To add one: write `<name>.py` that keeps the promise of `kancil.records.package_schema`, name it in
the tuple, and add its words, its test and its section in docs/formats/package.md.
"""

from kancil.records.package_schema import PackageSchema

from . import cooperation_figures, training_results

PACKAGE_SCHEMAS: tuple[PackageSchema, ...] = (cooperation_figures, training_results)

__all__ = ["PACKAGE_SCHEMAS"]
