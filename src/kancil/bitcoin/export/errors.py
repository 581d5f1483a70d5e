"""Errors of exports and of Spark."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, Missing, NotReadable, Refused, Unreachable


class ExportFolderTaken(Refused):
    """An export would go where something else is or another writes. Params: `path`, `why`."""

    code = "export-folder-taken"


class ExportNotReadable(NotReadable):
    """A folder is no finished export of a chain. Params: `path`, `why`."""

    code = "export-not-readable"


class ExportBroken(IntegrityBroken):
    """A file of an export is not what its manifest says. Params: `path`, `why`."""

    code = "export-broken"


class SparkMissing(Missing):
    """Spark or the Java that it runs on is not here. Params: `what`."""

    code = "spark-missing"


class SparkFailed(Unreachable):
    """Spark did not start, or ended a job. Params: `why` (its own first line)."""

    code = "spark-failed"
