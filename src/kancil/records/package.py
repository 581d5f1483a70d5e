"""Packages: figures that one site gives another, reviewed by a named person, in a signed file.

The one envelope for all that leaves a site as figures (docs/formats/package.md): who made it for
whom, the period, who reviewed it, what it supersedes, and the tables of a schema. Whose key signed
it, the receiver says, by a fingerprint that was compared.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from kancil.ground import canonical
from kancil.ground.errors import FormatTooNew, NotCanonical, SignatureWrong
from kancil.ground.filled import filled_from_plain
from kancil.ground.ids import is_id
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.signedfile import read_signed, write_signed
from kancil.ground.signing import Signer, fingerprint

from .errors import PackageBroken, PackageNotReadable, PackageSchemaUnknown, PackageTooLarge
from .package_schema import PackageSchema, full_name, not_readable
from .package_schemas import PACKAGE_SCHEMAS
from .small_groups import LEAST, RULE
from .table import Table

VERSION = 1
FORMAT = f"kancil-package/{VERSION}"
SUFFIX = ".kancil-package"
MAX_BYTES = 1_000_000
MOST_TEXT = 200
"""Characters of a name."""
_FORMAT = re.compile(r"kancil-package/([0-9]{1,6})")
_COUNTRY = re.compile(r"[A-Z]{2}")
_NAME = re.compile(rf"[^\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]{{1,{MOST_TEXT}}}")


class SiteKind(StrEnum):
    """What a site is; the words are `name.site-kind-<value>`."""

    UNIT = "unit"
    PROGRAMME = "programme"
    CLASSROOM = "classroom"


@dataclass(frozen=True, slots=True)
class SiteNamed:
    """A site as it names itself."""

    name: str
    kind: SiteKind
    country: str
    """ISO 3166-1 alpha-2."""


@dataclass(frozen=True, slots=True)
class Review:
    """Who read the package before it was signed."""

    name: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """What the figures are of: both days count, in the site's zone."""

    since: date
    until: date

    def overlaps(self, other: Period) -> bool:
        """Whether the two have a day in common."""
        return self.since <= other.until and other.since <= self.until


@dataclass(frozen=True, slots=True)
class Package:
    """What a package says."""

    id: str
    """UUIDv7."""
    schema: str
    """Name and version: `cooperation-figures/1`."""
    site: SiteNamed
    to: str
    """For whom it was made, in words."""
    period: Period
    made_at: datetime
    review: Review
    supersedes: str | None
    """Id of the package that this one stands for from now on."""
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table:
        """One of its tables."""
        return next(each for each in self.tables if each.name == name)


@dataclass(frozen=True, slots=True)
class OpenedPackage:
    """A package that was read, its signature checked; whether its key is trusted, nobody said."""

    package: Package
    fingerprint: str
    """Of the key that signed it."""
    sha256: str
    """Of the whole file."""


def write_package(package: Package, signer: Signer) -> bytes:
    """The bytes of the signed file; raises what a reader of it would raise."""
    return write_signed(checked(package), signer)


def checked(package: Package) -> dict[str, Any]:
    """The statement of a package, held to what a reader holds it to; raises what that raises."""
    statement: dict[str, Any] = plain(package) | _STATED
    _read(statement, package.id)
    return statement


def read_package(data: bytes, path: str) -> OpenedPackage:
    """Read a signed file; the signature is checked before anything else is believed.

    Raises PackageTooLarge, PackageNotReadable, PackageBroken, FormatTooNew, PackageSchemaUnknown,
    SmallGroupShown.
    """
    if len(data) > MAX_BYTES:
        raise PackageTooLarge(path=path, kilobytes=MAX_BYTES // 1_000)
    if not data.startswith(b'{"signature":"'):
        raise PackageNotReadable(path=path, why=Phrase("why.package-other-file"))
    _check_format(data, path)
    try:
        statement = read_signed(data, format_name=FORMAT, path=path)
    except (SignatureWrong, NotCanonical) as error:
        raise PackageBroken(path=path, why=Phrase("why.package-changed")) from error
    key = fingerprint(base64.b64decode(statement.pop("public_key")))
    return OpenedPackage(_read(statement, path), key, sha256(data).hexdigest())


def schema_named(name: str, path: str) -> PackageSchema:
    """The schema of that name and version; raises PackageSchemaUnknown."""
    found = next((each for each in PACKAGE_SCHEMAS if full_name(each) == name), None)
    if found is None:
        raise PackageSchemaUnknown(path=path, schema=name[:80])
    return found


_STATED: Mapping[str, Any] = {"format": FORMAT, "small_groups": {"least": LEAST, "rule": RULE}}
"""What every package states."""


def _check_format(data: bytes, path: str) -> None:
    """A file of a newer Kancil, and another signed file, from one that is broken."""
    try:
        whole = canonical.loads(data)
    except NotCanonical as error:
        raise PackageBroken(path=path, why=Phrase("why.package-changed")) from error
    stated = whole.get("statement") if isinstance(whole, dict) else None
    name = stated.get("format") if isinstance(stated, dict) else None
    found = _FORMAT.fullmatch(name) if isinstance(name, str) else None
    if found is None:
        raise PackageNotReadable(path=path, why=Phrase("why.package-other-file"))
    if int(found[1]) > VERSION:
        raise FormatTooNew(what=path, found=int(found[1]), known=VERSION)


def _read(statement: dict[str, Any], path: str) -> Package:
    """Read a statement and hold it to its schema: what it says must be what we would write."""
    value = dict(statement)
    schema = schema_named(str(value.get("schema")), path)
    if {name: value.pop(name, None) for name in _STATED} != _STATED:
        raise not_readable(path, "small_groups")
    try:
        package = filled_from_plain(Package, value)
        if canonical.dumps(plain(package)) != canonical.dumps(value):
            raise NotCanonical
    except NotCanonical as error:
        raise not_readable(path, "statement") from error
    names = (package.site.name, package.to, package.review.name, package.review.role)
    ids = (package.id, *([package.supersedes] if package.supersedes is not None else []))
    if not all(map(_NAME.fullmatch, names)) or not all(map(is_id, ids)):
        raise not_readable(path, "statement")
    if package.period.until < package.period.since or package.supersedes == package.id:
        raise not_readable(path, "period")
    if _COUNTRY.fullmatch(package.site.country) is None:
        raise not_readable(path, "site.country")
    if len(package.tables) != len(schema.SHAPES):
        raise not_readable(path, "tables")
    for shape, table in zip(schema.SHAPES, package.tables, strict=True):
        shape.check(table, path)
    schema.check({each.name: each for each in package.tables})
    return package
