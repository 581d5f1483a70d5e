"""Errors of studies on the desk."""

from __future__ import annotations

from kancil.ground.errors import NotFound, NotPermitted, NotReadable, Refused


class ClustersNotMade(Refused):
    """The clusters of a chain are not made, or not of what is here now. Params: `chain`."""

    code = "clusters-not-made"


class AnswerTakesLong(Refused):
    """An answer takes longer than a page may wait for it. Params: `command`."""

    code = "answer-takes-long"


class OptionMissing(Refused):
    """A word or option that is needed here was not given. Params: `option`."""

    code = "option-missing"


class ChainNameWrong(NotReadable):
    """This is no name for a chain. Params: `name`."""

    code = "chain-name-wrong"


class StartNotHeld(NotFound):
    """No chain of the unit holds what was pasted as a start. Params: `start`, `why`."""

    code = "start-not-held"


class StartsApart(Refused):
    """No one chain holds all starts that were pasted. Params: `start`, `first`."""

    code = "starts-apart"


class TagNotOwn(Refused):
    """Only a label that the unit itself made can be withdrawn. Params: `name`."""

    code = "tag-not-own"


class TagOfAnother(NotPermitted):
    """A tag is withdrawn by whoever made it, or by somebody who leads the unit or the class."""

    code = "tag-of-another"


class TagWithdrawnAlready(Refused):
    """The tag was withdrawn before."""

    code = "tag-withdrawn-already"


class ChainOfAnotherCase(Refused):
    """Blocks of a case enter the case's own blockchain alone. Params: `chain`, `own`."""

    code = "chain-of-another-case"


class NetworkOfLab(Refused):
    """The blocks of a lab are of the network that the lab states. Params: `network`, `expected`."""

    code = "network-of-lab"


class SharedOfTrainers(NotPermitted):
    """What a whole classroom uses is changed by its trainers alone."""

    code = "shared-of-trainers"
