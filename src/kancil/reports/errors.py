"""Errors of reports and bundles."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotPermitted, NotReadable, Refused


class BundleTooLarge(Refused):
    """More than the ZIP file of a bundle can hold (4 GB, 65,534 members). Params: `members`."""

    code = "bundle-too-large"


class BundleNotReproducible(IntegrityBroken):
    """The proofs gathered do not give the trace's own rows again. Params: `member`."""

    code = "bundle-not-reproducible"


class BundleNotInCheckpoint(Refused):
    """A checkpoint does not cover the making of this very bundle. Params: `size`."""

    code = "bundle-not-in-checkpoint"


class BundleNothingToShow(Refused):
    """The case has no trace to put into a bundle. Params: `case`."""

    code = "bundle-nothing-to-show"


class TraceIsDraft(Refused):
    """A trace that nobody kept is named for a document. Params: `trace`."""

    code = "trace-is-draft"


class TraceNotFound(NotFound):
    """No trace has this id or number. Params: `name`."""

    code = "trace-not-found"


class ReportNotPrinted(IntegrityBroken):
    """Template, fonts or data of a report do not give a document. Params: `why`."""

    code = "report-not-printed"


class LanguageNotSignedOff(NotPermitted):
    """No named reviewer has signed off this language's words. Params: `language`."""

    code = "language-not-signed-off"


class CertificateNotReadable(NotReadable):
    """A PKCS#12 file has no usable key and certificate. Params: `path`, `why`."""

    code = "certificate-not-readable"


class CertificateKeyRefused(Refused):
    """PDF readers do not check signatures of this kind of key. Params: `path`, `kind`."""

    code = "certificate-key-refused"


class ViewNotShowable(IntegrityBroken):
    """A saved view draws what the document does not hold, or is not as its entry names it.

    Params: `view`, `why`.
    """

    code = "view-not-showable"


class ViewNotFound(NotFound):
    """No saved view has this number. Params: `name`."""

    code = "view-not-found"


class PhotoNotUsable(NotReadable):
    """A photograph cannot stand in a document. Params: `why`."""

    code = "photo-not-usable"
