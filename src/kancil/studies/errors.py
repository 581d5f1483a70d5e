"""Errors of studies."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotReadable, Refused


class TraceNotReadable(NotReadable):
    """A recorded trace cannot be run again. Params: `why`."""

    code = "trace-not-readable"


class TraceNotReproduced(IntegrityBroken):
    """A trace no longer comes out as recorded. Params: `trace`, `chain`."""

    code = "trace-not-reproduced"


class StudyNotFound(NotFound):
    """No recorded study has this number or id. Params: `name`."""

    code = "study-not-found"


class StudyNotReadable(NotReadable):
    """A recorded study cannot be read or run again. Params: `why`."""

    code = "study-not-readable"


class StudyNotReproduced(IntegrityBroken):
    """Over the same inputs a recorded study comes out otherwise. Params: `study`."""

    code = "study-not-reproduced"


class DiskNotExamined(NotFound):
    """No finished pass over this exhibit is here. Params: `exhibit`."""

    code = "disk-not-examined"


class SumsWrong(IntegrityBroken):
    """The parts that a sentence, report or finding names are not their whole; nothing is said.

    Params: `place`, `whole`, `least`, `most` (sums of the parts).
    """

    code = "sums-wrong"


class FindingNotSupported(Refused):
    """The trace or study does not hold what the finding would say. Params: `why`."""

    code = "finding-not-supported"


class GraphQueryNotReadable(NotReadable):
    """A view of the money graph that came from a browser is not one. Params: `part`."""

    code = "graph-query-not-readable"


class GraphNodeNotFound(NotFound):
    """The picture has no node of this id. Params: `node`."""

    code = "graph-node-not-found"


class GraphFull(Refused):
    """Opening would draw more nodes than a picture may hold. Params: `most`."""

    code = "graph-full"


class GraphNodeFixed(Refused):
    """A node that neither opens nor folds. Params: `node`."""

    code = "graph-node-fixed"
