"""Errors of figures and their packages."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotPermitted, Refused


class PackageNotFound(NotFound):
    """No package, and no draft of one, has this id or number. Params: `package`."""

    code = "package-not-found"


class PackageChanged(IntegrityBroken):
    """A package's file is gone, or not what the ledger records. Params: `package`."""

    code = "package-changed"


class PackageMakerNoOfficer(NotPermitted):
    """An account without an officer cannot make a package: the ledger names who made it."""

    code = "package-maker-no-officer"


class PeriodNotOver(Refused):
    """Figures leave only of a period that is over. Params: `until`."""

    code = "package-period-not-over"


class PeriodOverlaps(Refused):
    """Two packages whose periods overlap could be subtracted. Params: `since`, `until`."""

    code = "package-period-overlaps"


class FiguresMovedOn(Refused):
    """What was recorded since the draft was made has changed its figures."""

    code = "package-figures-moved-on"
