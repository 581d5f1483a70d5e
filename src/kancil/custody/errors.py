"""Errors of the ledger, keys, custody acts, checkpoints and time stamps."""

from __future__ import annotations

from kancil.ground.errors import (
    IntegrityBroken,
    NotFound,
    NotPermitted,
    NotReadable,
    Refused,
)


class EntryNotReadable(NotReadable):
    """Bytes are no ledger entry of this format. Params: `why`."""

    code = "entry-not-readable"


class LedgerFileBroken(IntegrityBroken):
    """The ledger's file is damaged or is no ledger. Params: `path`, `why`."""

    code = "ledger-file-broken"


class LedgerOnNetworkShare(Refused):
    """The ledger's folder lies on a network share. Params: `path`, `kind`."""

    code = "ledger-on-network-share"


class LedgerOfOtherUnit(Refused):
    """A ledger, entry or checkpoint belongs to another unit. Params: `found`, `expected`."""

    code = "ledger-of-other-unit"


class SiteDiffers(Refused):
    """Settings say another site than the ledger's first entry. Params: `path`, `stated`, `founded`.

    `stated`, `founded`: `name.site-<value>`.
    """

    code = "site-differs"


class EntryNotFound(NotFound):
    """The ledger has no entry of this number. Params: `n`, `size`."""

    code = "entry-not-found"


class CheckpointNotReadable(NotReadable):
    """Bytes are no checkpoint. Params: `why`."""

    code = "checkpoint-not-readable"


class LedgerDiffersFromCheckpoint(IntegrityBroken):
    """A checkpoint from elsewhere does not fit this ledger. Params: `size`, `held`."""

    code = "ledger-differs-from-checkpoint"


class KeyNotFound(NotFound):
    """The private key of an officer or of the unit is not here. Params: `path`."""

    code = "key-not-found"


class OfficerKeyNotFound(NotFound):
    """An officer who is to sign has no private key on this machine. Params: `name`."""

    code = "officer-key-not-found"


class KeyLocked(NotPermitted):
    """A key file did not open with this passphrase or secret. Params: `path`."""

    code = "key-locked"


class KeyFileExposed(Refused):
    """A key file or folder can be read by others. Params: `path`, `mode`, `wanted`."""

    code = "key-file-exposed"


class KeyNotActive(NotPermitted):
    """A key may not sign here: ended, unknown, or another's. Params: `officer`, `fingerprint`."""

    code = "key-not-active"


class OfficerNotFound(NotFound):
    """No officer has this id or number. Params: `name`."""

    code = "officer-not-found"


class OfficerRetired(NotPermitted):
    """An officer who has retired cannot act or receive. Params: `officer`."""

    code = "officer-retired"


class LastOfficer(Refused):
    """The unit's only officer, or the only one with a key, cannot be removed. Params: `officer`."""

    code = "last-officer"


class CaseNotFound(NotFound):
    """No case has this id or number. Params: `name`."""

    code = "case-not-found"


class ExhibitNotFound(NotFound):
    """No exhibit has this id or number. Params: `name`."""

    code = "exhibit-not-found"


class RequestNotFound(NotFound):
    """No request has this id or number. Params: `name`."""

    code = "request-not-found"


class FindingNotFound(NotFound):
    """No accepted finding has this id or number. Params: `name`."""

    code = "finding-not-found"


class LegalBasisExpired(NotPermitted):
    """The legal basis no longer covers new work. Params: `case`, `basis`, `expired_on`."""

    code = "legal-basis-expired"


class LegalBasisNotReadable(NotReadable):
    """A legal basis is not stated as it must be. Params: `source`, `why`."""

    code = "legal-basis-not-readable"


class ExhibitGone(Refused):
    """An exhibit is no longer in the unit's hands. Params: `exhibit`, `status`."""

    code = "exhibit-gone"


class ServerActsForSomebody(NotPermitted):
    """A server signs only for a person, and nobody else signs for another. Params: `officer`."""

    code = "server-acts-for-somebody"


class OwnKeyNeeded(NotPermitted):
    """A server cannot sign this for an officer; the officer's own key must."""

    code = "own-key-needed"


class ReceiptWrong(NotPermitted):
    """A receiver's receipt is missing, unsigned, or says something else. Params: `why`."""

    code = "receipt-wrong"


class HistoryNotReadable(NotReadable):
    """Bytes are no history file. Params: `why`."""

    code = "history-not-readable"


class TimeStampNotReadable(NotReadable):
    """Bytes are no RFC 3161 request or response. Params: `path`."""

    code = "time-stamp-not-readable"


class TimeStampRefused(Refused):
    """The authority answered without a time stamp. Params: `status`, `reason`."""

    code = "time-stamp-refused"


class TimeStampAuthorityUnknown(NotPermitted):
    """The stamp is by an authority that is not pinned. Params: `authority`."""

    code = "time-stamp-authority-unknown"


class TimeStampBroken(IntegrityBroken):
    """A time stamp was altered, or its certificate is not for time stamps. Params: `why`."""

    code = "time-stamp-broken"


class TimeStampOfOther(IntegrityBroken):
    """A time stamp is over other bytes, or answers another request. Params: `found`, `expected`."""

    code = "time-stamp-of-other"


class LedgerBroken(IntegrityBroken):
    """A ledger breaks its format's rules. Params: `n`, `problem`."""

    code = "ledger-broken"


class PassphraseTooShort(Refused):
    """A new passphrase is shorter than allowed. Params: `length`, `least`."""

    code = "passphrase-too-short"


class ReviewerMadeIt(NotPermitted):
    """Who made a package of figures cannot be the one who reviews it."""

    code = "reviewer-made-it"


class AlreadyRecorded(Refused):
    """What can happen once has happened. Params: `what`, `name`."""

    code = "already-recorded"


class TraceNoDraft(Refused):
    """A trace is no draft (any more), or is set aside already. Params: `trace`."""

    code = "trace-no-draft"


class LimitNotFound(NotFound):
    """No limit of this code stands on an exhibit. Params: `exhibit`, `code`."""

    code = "limit-not-found"


class MistakeByAnother(NotPermitted):
    """Who set a limit cannot call it a mistake alone. Params: `exhibit`."""

    code = "mistake-by-another"
