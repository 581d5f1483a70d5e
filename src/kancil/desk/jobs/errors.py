"""Errors of background jobs."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotPermitted, Refused, Unreachable


class UploadDiffers(IntegrityBroken):
    """What arrived is not what the browser sent. Params: `name`, `stated`, `found`."""

    code = "upload-differs"


class WorkUnknown(NotFound):
    """A task was asked for under a name that this version does not know. Params: `name`."""

    code = "work-unknown"


class WorkFault(Unreachable):
    """A task met a fault of Kancil's own. Params: `kind`."""

    code = "work-fault"


class WorkerDied(Unreachable):
    """The worker of a task ended without a word at each of its tries. Params: `tries`."""

    code = "worker-died"


class WorkNoLongerAllowed(NotPermitted):
    """Whoever asked for the task may not do it any more. Params: `name`."""

    code = "work-no-longer-allowed"


class WorkNotYours(NotPermitted):
    """The task was asked for by somebody else."""

    code = "work-not-yours"


class WorkTooMuch(Refused):
    """Whoever asks has as many open tasks as one person may have. Params: `most`."""

    code = "work-too-much"
