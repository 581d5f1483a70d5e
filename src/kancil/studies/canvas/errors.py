"""Errors of the canvas."""

from __future__ import annotations

from kancil.ground.errors import NotFound, NotReadable, Refused


class ViewNotReadable(NotReadable):
    """A view of the canvas that came from a browser or a file is not one. Params: `part`."""

    code = "view-not-readable"


class CanvasOfTwoChains(Refused):
    """The sources of one picture are of two chains. Params: `one`, `other`."""

    code = "canvas-of-two-chains"


class CanvasChainGone(NotFound):
    """The blockchain that a view is drawn over is not in the workspace. Params: `chain`."""

    code = "canvas-chain-gone"


class CanvasEmpty(Refused):
    """A view names nothing that could be drawn."""

    code = "canvas-empty"


class CanvasActUnknown(NotReadable):
    """What was to be done to a picture is nothing that the canvas does. Params: `act`."""

    code = "canvas-act-unknown"


class PathBroken(Refused):
    """An output does not go on from the one before it. Params: `output`, `before`."""

    code = "canvas-path-broken"


class OutpointNotHeld(NotFound):
    """No output of this name is in the blocks held. Params: `output`."""

    code = "canvas-outpoint-not-held"


class NoWayToService(NotFound):
    """No labelled service within the steps that are searched. Params: `hops`, `looked`."""

    code = "canvas-no-way-to-service"


class SubjectUnknown(NotReadable):
    """What the panel was asked about is nothing that it can tell of. Params: `kind`."""

    code = "canvas-subject-unknown"


class StartsTooMany(Refused):
    """More starts than one picture takes. Params: `most`."""

    code = "canvas-starts-too-many"


class TraceTooWide(Refused):
    """An address is paid too often to trace all of it from a click. Params: `most`."""

    code = "canvas-trace-too-wide"


class PolicyNotChosen(Refused):
    """A trace needs a policy, and neither the unit nor this case has chosen one."""

    code = "canvas-policy-not-chosen"
