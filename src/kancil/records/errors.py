"""Errors of what several rooms share: fields of a form, packages between sites."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotReadable, Refused


class PackageTooLarge(NotReadable):
    """A package is larger than any package is. Params: `path`, `kilobytes`."""

    code = "package-too-large"


class PackageNotReadable(NotReadable):
    """A file is no package, or says what its schema does not have. Params: `path`, `why`."""

    code = "package-not-readable"


class PackageBroken(IntegrityBroken):
    """A package was cut short, or is not what was signed. Params: `path`, `why`."""

    code = "package-broken"


class PackageSchemaUnknown(Refused):
    """A package has a schema, or a version of one, that this Kancil cannot read.

    Params: `path`, `schema`.
    """

    code = "package-schema-unknown"


class SmallGroupShown(Refused):
    """A package shows a group under five, or one that can be computed. Params: `table`."""

    code = "small-group-shown"


class ReasonMissing(Refused):
    """What was asked for needs a reason in words. Params: `thing`."""

    code = "reason-missing"


class FieldNotUsable(NotReadable):
    """A field of what was asked for cannot be used. Params: `field`, `why`."""

    code = "field-not-usable"


class NotSo(ValueError):
    """What a validator of an input refuses: `<why>`, or `<field>: <why>` where it looks at several.

    The sentence is `why.value-<why>`.
    """
