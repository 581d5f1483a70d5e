"""Every error Kancil raises on purpose.

Each class has a `code`, an `exit_status` of its own, and two sentences in the word lists
(`error.<code>.sentence` for the officer, `error.<code>.next` for what to do next), rendered by
the doors with the error's named parameters. This file imports the phrase and nothing else of ours.

The tree::

    KancilError
    ├── Refused              the request is understood and will not be carried out
    ├── NotPermitted         this officer, this key or this legal basis does not allow it
    ├── IntegrityBroken      bytes are not what was recorded; the work stops
    ├── NotReadable          the input is not what it should be
    ├── NotFound             what was named is not here
    ├── Unreachable          a file system, disk or device does not answer
    └── Missing              a part of Kancil or of the system is not installed

Each family's members stand below it in this file, room by room. Exit statuses: ground 10-29,
custody 30-59 and 70-79, evidence 60-69 and 240-249, bitcoin 80-122, 190-210 and 219, reports
123-125 and 168-179, doors 180-189 and 211-215, wire 166-167, 188 and 216-218, desk
and web 220-239 and 250-255. Statuses from 126 to 165 are left to the shell, which uses them for
signals.

The programme wing (assessment, programme, training, awareness and their rooms of the desk) counts
its own from 30 to 119, since the commands of its site raise none of custody, evidence or bitcoin.
Its errors say so in `wing`; an exit status is unique among the errors that one site can raise.
"""

from __future__ import annotations

from typing import ClassVar

from .phrase import Param


class KancilError(Exception):
    """Base of all; never raised itself.

    `params`: the named parameters of its sentences: strings and integers as they are, and phrases
    where a part of the sentence has words of its own.
    """

    code: ClassVar[str] = "kancil"
    exit_status: ClassVar[int] = 1
    wing: ClassVar[str] = ""
    """`programme` for the errors of that wing; else those of the unit's site and of both."""
    shares_status: ClassVar[bool] = False
    """Others of its room end with the same status: there are 255 of them. The code tells them."""

    def __init__(self, **params: Param) -> None:
        """Keep the named parameters that the officer's sentence needs."""
        self.params: dict[str, Param] = params
        super().__init__(f"{self.code} {params}" if params else self.code)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by parameters, so that an error crosses from a child process whole."""
        return (_rebuild, (type(self), self.params))


def _rebuild(kind: type[KancilError], params: dict[str, Param]) -> KancilError:
    return kind(**params)


class Refused(KancilError):
    """The request is understood and will not be carried out."""

    code = "refused"
    exit_status = 10


class NotPermitted(KancilError):
    """This officer, key or legal basis does not allow it."""

    code = "not-permitted"
    exit_status = 11


class IntegrityBroken(KancilError):
    """Bytes are not what was recorded. The work stops; never a warning."""

    code = "integrity-broken"
    exit_status = 12


class NotReadable(KancilError):
    """The input is not what it should be."""

    code = "not-readable"
    exit_status = 13


class NotFound(KancilError):
    """What was named is not here."""

    code = "not-found"
    exit_status = 14


class Unreachable(KancilError):
    """A disk, folder or device does not answer."""

    code = "unreachable"
    exit_status = 15


class Missing(KancilError):
    """A part of Kancil or of the system is not installed."""

    code = "missing"
    exit_status = 16


# --- ground -------------------------------------------------------------------------------------


class WorkspaceNotFound(NotFound):
    """No `kancil.toml` here, above, in KANCIL_HOME or under --workspace. Params: `path`."""

    code = "workspace-not-found"
    exit_status = 17


class WorkspaceExists(Refused):
    """`init` met a workspace, or a folder that is not empty. Params: `path`."""

    code = "workspace-exists"
    exit_status = 18


class FormatTooNew(Refused):
    """A file was written by a newer Kancil. Params: `what`, `found`, `known`."""

    code = "format-too-new"
    exit_status = 19


class FormatTooOld(Refused):
    """A file needs `kancil upgrade` first. Params: `what`, `found`, `known`."""

    code = "format-too-old"
    exit_status = 20


class SettingNotReadable(NotReadable):
    """A setting of `kancil.toml` is wrong. Params: `path`, `setting`, `value`."""

    code = "setting-not-readable"
    exit_status = 21


class DiskFull(Unreachable):
    """No space left while writing. Params: `path`."""

    code = "disk-full"
    exit_status = 22


class FileNotReadable(NotReadable):
    """A named file cannot be opened or read. Params: `path`."""

    code = "file-not-readable"
    exit_status = 23


class FileExists(Refused):
    """A file to be written is already there and is not overwritten. Params: `path`."""

    code = "file-exists"
    exit_status = 24


class SignatureWrong(IntegrityBroken):
    """A signed file's signature does not fit its bytes. Params: `path`."""

    code = "signature-wrong"
    exit_status = 25


class NotCanonical(NotReadable):
    """JSON is not in the strict form that can be hashed or signed. Params: `why`."""

    code = "not-canonical"
    exit_status = 27


class MemberNotFound(NotFound):
    """No method of that name is here. Params: `what`, `name`, `known`."""

    code = "member-not-found"
    exit_status = 28


class WorkspaceExposed(Refused):
    """Others may read a workspace, and this account cannot change it. Params: `path`."""

    code = "workspace-exposed"
    exit_status = 29


class TimeNotReadable(NotReadable):
    """A date or time was not understood, or has no zone. Params: `text`."""

    code = "time-not-readable"
    exit_status = 26


# --- bitcoin: networks, addresses, Merkle proofs, labels (95-119) ---------------------------------


class NetworkUnknown(NotFound):
    """No network has this name. Params: `name`, `known`."""

    code = "network-unknown"
    exit_status = 95


class AddressNotReadable(NotReadable):
    """Text is no bitcoin address of any form; its members say which part is wrong.

    The text is as given, never that of a private key. Params: `text`.
    """

    code = "address-not-readable"
    exit_status = 96


class AddressCharacterWrong(AddressNotReadable):
    """A character cannot stand in an address. Params: `text`, `character`, `place` (from 1)."""

    code = "address-character-wrong"
    exit_status = 97


class AddressChecksumWrong(AddressNotReadable):
    """The check characters do not fit and the wrong place cannot be told. Params: `text`."""

    code = "address-checksum-wrong"
    exit_status = 98


class AddressMistyped(AddressNotReadable):
    """The wrong characters were located. Params: `text`, `places` (from 1, comma-separated)."""

    code = "address-mistyped"
    exit_status = 99


class AddressCharacterMissing(AddressNotReadable):
    """One character was left out. Params: `text`, `place` (from 1, where it belongs)."""

    code = "address-character-missing"
    exit_status = 100


class AddressCharacterExtra(AddressNotReadable):
    """One character is too many. Params: `text`, `place` (from 1)."""

    code = "address-character-extra"
    exit_status = 101


class AddressMixedCase(AddressNotReadable):
    """A bech32 address mixes capitals and small letters. Params: `text`, `place` (from 1)."""

    code = "address-mixed-case"
    exit_status = 102


class AddressWrongNetwork(AddressNotReadable):
    """An intact address of another network. Params: `text`, `network` (asked), `belongs`."""

    code = "address-wrong-network"
    exit_status = 103


class AddressLengthWrong(AddressNotReadable):
    """An address of impossible length. Params: `text`, `length`, `expected`, in characters."""

    code = "address-length-wrong"
    exit_status = 104


class AddressProgramLengthWrong(AddressNotReadable):
    """Right check characters over content of wrong length.

    Params: `text`, `length`, `expected`, in bytes.
    """

    code = "address-program-length-wrong"
    exit_status = 105


class AddressVersionWrong(AddressNotReadable):
    """The version is none that bitcoin uses. Params: `text`, `version`."""

    code = "address-version-wrong"
    exit_status = 106


class AddressEncodingWrong(AddressNotReadable):
    """Bech32 where bech32m belongs, or the reverse. Params: `text`, `version`, `used`, `needed`."""

    code = "address-encoding-wrong"
    exit_status = 107


class AddressPaddingWrong(AddressNotReadable):
    """The last bits of a bech32 address are not the zeros they must be. Params: `text`."""

    code = "address-padding-wrong"
    exit_status = 108


class AddressPrefixWrong(AddressNotReadable):
    """Check characters fit, but the beginning is no bitcoin network's.

    Params: `text`, `prefix`, `expected`.
    """

    code = "address-prefix-wrong"
    exit_status = 118


class AddressOfOtherCoin(AddressNotReadable):
    """An address of another cryptocurrency. Params: `text`, `coin`."""

    code = "address-of-other-coin"
    exit_status = 109


class AddressIsPrivateKey(Refused):
    """A private key was given for an address; it is a secret and is never repeated. No params."""

    code = "address-is-private-key"
    exit_status = 110


class AddressIsExtendedKey(Refused):
    """A wallet's extended key was given for an address; never repeated. Params: `kind`."""

    code = "address-is-extended-key"
    exit_status = 111


class MerkleProofNotReadable(NotReadable):
    """Bytes are no Merkle proof. Params: `offset` (byte at which reading stopped)."""

    code = "merkle-proof-not-readable"
    exit_status = 112


class MerkleProofWrong(IntegrityBroken):
    """A Merkle proof does not lead to the header's root. Params: `txid`."""

    code = "merkle-proof-wrong"
    exit_status = 113


class MerkleProofUnsafe(Refused):
    """The transaction has 64 bytes and could be a forged node (CVE-2017-12842). Params: `txid`."""

    code = "merkle-proof-unsafe"
    exit_status = 114


class MerkleProofDepthWrong(IntegrityBroken):
    """The path is not as long as the coinbase's (CVE-2017-12842).

    Params: `txid`, `depth`, `coinbase_depth`.
    """

    code = "merkle-proof-depth-wrong"
    exit_status = 119


class LabelFormatUnknown(NotReadable):
    """A file is of no label format that Kancil knows. Params: `path`, `known`."""

    code = "label-format-unknown"
    exit_status = 115


class LabelFileNotReadable(NotReadable):
    """A label file is broken as a whole. Params: `path`, `line` (0: not known)."""

    code = "label-file-not-readable"
    exit_status = 116


class LabelFileTooLarge(Refused):
    """A label file is larger than any real one. Params: `path`, `limit_bytes`."""

    code = "label-file-too-large"
    exit_status = 219


class LabelStoreBroken(IntegrityBroken):
    """A stored label import is not what was written. Params: `path`."""

    code = "label-store-broken"
    exit_status = 117


# --- evidence -----------------------------------------------------------------------------------


class VaultBytesMissing(IntegrityBroken):
    """A content that is named is not in the vault. Params: `sha256`."""

    code = "vault-bytes-missing"
    exit_status = 60


class VaultBytesBroken(IntegrityBroken):
    """The bytes in the vault are not those that were taken in. Params: `sha256`."""

    code = "vault-bytes-broken"
    exit_status = 61


class VaultBusy(Unreachable):
    """An intake runs, so bytes cannot be removed now. Params: `path`."""

    code = "vault-busy"
    exit_status = 66


class InPlaceChanged(IntegrityBroken):
    """A file that stayed in place is not what was recorded. Params: `path`."""

    code = "in-place-changed"
    exit_status = 65


class NothingTaken(NotReadable):
    """An intake found not one file that it could take. Params: `source`, `skipped`."""

    code = "nothing-taken"
    exit_status = 62


class BackupNotReadable(NotReadable):
    """A backup file is cut, altered or no backup at all. Params: `path`, `why`."""

    code = "backup-not-readable"
    exit_status = 63


class BackupBroken(IntegrityBroken):
    """A member of a backup is not what its list says. Params: `path`, `member`."""

    code = "backup-broken"
    exit_status = 64


# --- evidence: tables and prices (67-69, 240-249) ------------------------------------------------


class TableNotReadable(NotReadable):
    """A file is no table, or breaks off being one. Params: `path`, `line`, `why`."""

    code = "table-not-readable"
    exit_status = 67


class TableTooLarge(Refused):
    """A table is larger than Kancil reads. Params: `path`, `megabytes`, `rows` (the limits)."""

    code = "table-too-large"
    exit_status = 68


class TableIsNoText(NotReadable):
    """A file is a workbook, an archive or a PDF, where a table in text is needed.

    Params: `path`, `what`.
    """

    code = "table-is-no-text"
    exit_status = 69


class MappingNotReadable(NotReadable):
    """A mapping is not what it should be. Params: `part` (as its JSON names it), `why`."""

    code = "mapping-not-readable"
    exit_status = 240


class MappingIncomplete(Refused):
    """Parts of a mapping are not decided yet. Params: `missing` (as its JSON names them)."""

    code = "mapping-incomplete"
    exit_status = 241


class MappingColumnMissing(Refused):
    """A mapping names columns that the table has not. Params: `column`, `known`."""

    code = "mapping-column-missing"
    exit_status = 242


class NothingStated(NotReadable):
    """No row of a table could be read. Params: `path`, `skipped`, `reason` (of the first)."""

    code = "nothing-stated"
    exit_status = 243


class StatedTransfersBroken(IntegrityBroken):
    """Stored transfers are not those that the ledger records. Params: `path`."""

    code = "stated-transfers-broken"
    exit_status = 244


class PricesBroken(IntegrityBroken):
    """A stored price table is not what was written. Params: `path`."""

    code = "prices-broken"
    exit_status = 245


class ExhibitFileNotNamed(Refused):
    """An exhibit has several files, or none of that name. Params: `exhibit`, `count`, `known`."""

    code = "exhibit-file-not-named"
    exit_status = 246


class TransfersNotRead(NotFound):
    """No table of this exhibit has been read for transfers. Params: `exhibit`."""

    code = "transfers-not-read"
    exit_status = 247


class UploadNoRoom(Refused):
    """Taking the files in would leave the disk too little. Params: `size`, `free`, `reserve`."""

    code = "upload-no-room"
    exit_status = 248


class UploadDiffers(IntegrityBroken):
    """What arrived is not what the browser sent. Params: `name`, `stated`, `found`."""

    code = "upload-differs"
    exit_status = 249


# --- wire (166-167, 188, 216-218) ---------------------------------------------------------------


class NodeNotAllowed(Refused):
    """A node elsewhere than on this machine was named and not allowed. Params: `host`."""

    code = "node-not-allowed"
    exit_status = 166


class NodeUnreachable(Unreachable):
    """A node gives no whole answer, though asked again. Params: `address`, `tries`, `why`."""

    code = "node-unreachable"
    exit_status = 167


class NodeRefuses(Refused):
    """A node does not give what was asked for. Params: `address`, `why`."""

    code = "node-refuses"
    exit_status = 188


class NodeAnswerWrong(IntegrityBroken):
    """A node's answer is not what was asked for. Params: `address`, `why`."""

    code = "node-answer-wrong"
    exit_status = 216


class NodeOtherNetwork(Refused):
    """A node is of another network. Params: `address`, `network`, `belongs`."""

    code = "node-other-network"
    exit_status = 217


class NodeChainDiffers(Refused):
    """No block held is in the node's best chain. Params: `address`."""

    code = "node-chain-differs"
    exit_status = 218


# --- reports: bundles (120-139; 120-127 are the answers of `verify`, which is no error) -----------


class BundleTooLarge(Refused):
    """More than the ZIP file of a bundle can hold (4 GB, 65,534 members). Params: `members`."""

    code = "bundle-too-large"
    exit_status = 168


class BundleNotReproducible(IntegrityBroken):
    """The proofs gathered do not give the trace's own rows again. Params: `member`."""

    code = "bundle-not-reproducible"
    exit_status = 169


class BundleNotInCheckpoint(Refused):
    """A checkpoint does not cover the making of this very bundle. Params: `size`."""

    code = "bundle-not-in-checkpoint"
    exit_status = 175


class BundleNothingToShow(Refused):
    """The case has no trace to put into a bundle. Params: `case`."""

    code = "bundle-nothing-to-show"
    exit_status = 170


# --- custody: ledger, keys, acts, checkpoints, time stamps (30-59) -------------------------------


class EntryNotReadable(NotReadable):
    """Bytes are no ledger entry of this format. Params: `why`."""

    code = "entry-not-readable"
    exit_status = 30


class LedgerFileBroken(IntegrityBroken):
    """The ledger's file is damaged or is no ledger. Params: `path`, `why`."""

    code = "ledger-file-broken"
    exit_status = 31


class LedgerFormatUnreleased(Refused):
    """A workspace or backup from before the first release. Params: `what`, `found`."""

    code = "ledger-format-unreleased"
    exit_status = 32


class LedgerOnNetworkShare(Refused):
    """The ledger's folder lies on a network share. Params: `path`, `kind`."""

    code = "ledger-on-network-share"
    exit_status = 33


class LedgerOfOtherUnit(Refused):
    """A ledger, entry or checkpoint belongs to another unit. Params: `found`, `expected`."""

    code = "ledger-of-other-unit"
    exit_status = 34


class EntryNotFound(NotFound):
    """The ledger has no entry of this number. Params: `n`, `size`."""

    code = "entry-not-found"
    exit_status = 35


class CheckpointNotReadable(NotReadable):
    """Bytes are no checkpoint. Params: `why`."""

    code = "checkpoint-not-readable"
    exit_status = 36


class CheckpointSignatureWrong(IntegrityBroken):
    """A checkpoint is not signed by this unit's key. Params: `unit`, `size`."""

    code = "checkpoint-signature-wrong"
    exit_status = 37


class LedgerDiffersFromCheckpoint(IntegrityBroken):
    """A checkpoint from elsewhere does not fit this ledger. Params: `size`, `held`."""

    code = "ledger-differs-from-checkpoint"
    exit_status = 38


class KeyNotFound(NotFound):
    """The private key of an officer or of the unit is not here. Params: `path`."""

    code = "key-not-found"
    exit_status = 39


class KeyLocked(NotPermitted):
    """A key file did not open with this passphrase or secret. Params: `path`."""

    code = "key-locked"
    exit_status = 40


class KeyTriesSpent(NotPermitted):
    """Too many wrong passphrases were typed. Params: `where`, `minutes`."""

    code = "key-tries-spent"
    exit_status = 72


class KeyFileExposed(Refused):
    """A key file or folder can be read by others. Params: `path`, `mode`, `wanted`."""

    code = "key-file-exposed"
    exit_status = 41


class KeyNotActive(NotPermitted):
    """A key may not sign here: ended, unknown, or another's. Params: `officer`, `fingerprint`."""

    code = "key-not-active"
    exit_status = 42


class OfficerNotFound(NotFound):
    """No officer has this id or number. Params: `name`."""

    code = "officer-not-found"
    exit_status = 43


class OfficerRetired(NotPermitted):
    """An officer who has retired cannot act or receive. Params: `officer`."""

    code = "officer-retired"
    exit_status = 44


class LastOfficer(Refused):
    """The unit's only officer, or the only one with a key, cannot be removed. Params: `officer`."""

    code = "last-officer"
    exit_status = 45


class CaseNotFound(NotFound):
    """No case has this id or number. Params: `name`."""

    code = "case-not-found"
    exit_status = 46


class ExhibitNotFound(NotFound):
    """No exhibit has this id or number. Params: `name`."""

    code = "exhibit-not-found"
    exit_status = 47


class FindingNotFound(NotFound):
    """No accepted finding has this id or number. Params: `name`."""

    code = "finding-not-found"
    exit_status = 79


class LegalBasisExpired(NotPermitted):
    """The legal basis no longer covers new work. Params: `case`, `basis`, `expired_on`."""

    code = "legal-basis-expired"
    exit_status = 48


class LegalBasisNotReadable(NotReadable):
    """A legal basis is not stated as it must be. Params: `source`, `why`."""

    code = "legal-basis-not-readable"
    exit_status = 49


class ExhibitGone(Refused):
    """An exhibit is no longer in the unit's hands. Params: `exhibit`, `status`."""

    code = "exhibit-gone"
    exit_status = 50


class ExhibitMoved(Refused):
    """Something was recorded of an exhibit since it was looked at. Params: `exhibit`."""

    code = "exhibit-moved"
    exit_status = 71


class ServerActsForSomebody(NotPermitted):
    """A server signs only for a person, and nobody else signs for another. Params: `officer`."""

    code = "server-acts-for-somebody"
    exit_status = 73


class OwnKeyNeeded(NotPermitted):
    """A server cannot sign this for an officer; her own key must."""

    code = "own-key-needed"
    exit_status = 74


class ReceiptWrong(NotPermitted):
    """A receiver's receipt is missing, unsigned, or says something else. Params: `why`."""

    code = "receipt-wrong"
    exit_status = 51


class HistoryNotReadable(NotReadable):
    """Bytes are no history file. Params: `why`."""

    code = "history-not-readable"
    exit_status = 70


class TimeStampNotReadable(NotReadable):
    """Bytes are no RFC 3161 request or response. Params: `path`."""

    code = "time-stamp-not-readable"
    exit_status = 52


class TimeStampRefused(Refused):
    """The authority answered without a time stamp. Params: `status`, `reason`."""

    code = "time-stamp-refused"
    exit_status = 53


class TimeStampAuthorityUnknown(NotPermitted):
    """The stamp is by an authority that is not pinned. Params: `authority`."""

    code = "time-stamp-authority-unknown"
    exit_status = 54


class TimeStampBroken(IntegrityBroken):
    """A time stamp was altered, or its certificate is not for time stamps. Params: `why`."""

    code = "time-stamp-broken"
    exit_status = 55


class TimeStampOfOther(IntegrityBroken):
    """A time stamp is over other bytes, or answers another request. Params: `found`, `expected`."""

    code = "time-stamp-of-other"
    exit_status = 56


class LedgerBroken(IntegrityBroken):
    """A ledger breaks its format's rules. Params: `n`, `problem`."""

    code = "ledger-broken"
    exit_status = 57


class PassphraseTooShort(Refused):
    """A new passphrase is shorter than allowed. Params: `length`, `least`."""

    code = "passphrase-too-short"
    exit_status = 58


class AlreadyRecorded(Refused):
    """What can happen once has happened. Params: `what`, `name`."""

    code = "already-recorded"
    exit_status = 59


# --- bitcoin: graph, policies, heuristics, trace (87-94, 119) -------------------------------------


class TraceStartMissing(Refused):
    """A trace was asked for with no start. No params."""

    code = "trace-start-missing"
    exit_status = 88


class TraceShareWrong(Refused):
    """A start's share exceeds its output. Params: `reference`, `share_sat`, `value_sat`."""

    code = "trace-share-wrong"
    exit_status = 89


class PolicyUnknown(NotFound):
    """No such policy. Params: `name`, `known`."""

    code = "policy-unknown"
    exit_status = 90


class TransactionOverspends(IntegrityBroken):
    """A transaction pays out more than it takes in; no valid block holds it. Params: `txid`."""

    code = "transaction-overspends"
    exit_status = 91


class ServicePassWithoutReason(Refused):
    """Passing a labelled service was asked for with an empty reason. No params."""

    code = "service-pass-without-reason"
    exit_status = 92


class TraceLimitWrong(Refused):
    """A limit of a trace makes no sense. Params: `limit`, `value`."""

    code = "trace-limit-wrong"
    exit_status = 93


class ValueOutOfRange(IntegrityBroken):
    """An output holds less than 0 or more than exists. Params: `output` (`txid:n`), `value_sat`."""

    code = "value-out-of-range"
    exit_status = 94


class SpentValueContradicts(IntegrityBroken):
    """Spent-outputs file and output held differ. Params: `output`, `stated_sat`, `held_sat`."""

    code = "spent-value-contradicts"
    exit_status = 210


class LabelledSetNotReadable(NotReadable):
    """A file holds no set of labelled transactions that is known. Params: `path`, `why`."""

    code = "labelled-set-not-readable"
    exit_status = 87


# --- bitcoin: exports and Spark (85, 86, 120-122) ------------------------------------------------


class ExportFolderTaken(Refused):
    """An export would go where something else is or another writes. Params: `path`, `why`."""

    code = "export-folder-taken"
    exit_status = 85


class ExportNotReadable(NotReadable):
    """A folder is no finished export of a chain. Params: `path`, `why`."""

    code = "export-not-readable"
    exit_status = 86
    shares_status = True


class ExportBroken(IntegrityBroken):
    """A file of an export is not what its manifest says. Params: `path`, `why`."""

    code = "export-broken"
    exit_status = 120


class SparkMissing(Missing):
    """Spark or the Java that it runs on is not here. Params: `what`."""

    code = "spark-missing"
    exit_status = 121


class SparkFailed(Unreachable):
    """Spark did not start, or ended a job. Params: `why` (its own first line)."""

    code = "spark-failed"
    exit_status = 122


# --- bitcoin: sources and chains (193-207, beyond the signals' 128-192) -----------------------


class ChainNotFound(NotFound):
    """No chain of this name has been ingested. Params: `path`."""

    code = "chain-not-found"
    exit_status = 193


class ChainBroken(IntegrityBroken):
    """A chain's files are not what Kancil wrote. Params: `path`."""

    code = "chain-broken"
    exit_status = 194


class ChainOtherNetwork(Refused):
    """The chain was begun on another network. Params: `path`, `network` (asked), `belongs`."""

    code = "chain-other-network"
    exit_status = 195


class ChainBusy(Refused):
    """Another process is writing to the chain. Params: `path`."""

    code = "chain-busy"
    exit_status = 196


class NetworkNotNamed(Refused):
    """Nothing that was read tells the network, and nobody stated it. Params: `known`."""

    code = "network-not-named"
    exit_status = 86
    shares_status = True


class NothingToIngest(NotReadable):
    """No block, transaction, proof or header was found. Params: `files`, `reason`, `place`."""

    code = "nothing-to-ingest"
    exit_status = 197


class ParserStopped(NotReadable):
    """The process that reads a file of others ended by itself or was killed. Params: `how`."""

    code = "parser-stopped"
    exit_status = 198


class ParserLimitReached(Refused):
    """Reading a file of others took more than was allowed. Params: `limit` (a word), `amount`."""

    code = "parser-limit-reached"
    exit_status = 199


class SourceNotFound(NotFound):
    """No file or folder has the name that was given. Params: `path`."""

    code = "source-not-found"
    exit_status = 200


class SourceChanged(IntegrityBroken):
    """A source no longer holds the bytes that were read from it. Params: `path`, `what`."""

    code = "source-changed"
    exit_status = 201


class SpentNotReadable(NotReadable):
    """A file is no list of spent outputs. Params: `path`, `offset` (byte)."""

    code = "spent-not-readable"
    exit_status = 202


class SpentNotMatched(Refused):
    """No held block fits a file of spent outputs. Params: `path`, `count`, `why`."""

    code = "spent-not-matched"
    exit_status = 203


class SpentAmbiguous(Refused):
    """More than one held block fits a file of spent outputs. Params: `path`, `count`, `blocks`."""

    code = "spent-ambiguous"
    exit_status = 204


class NotInChain(NotFound):
    """A block or transaction is not among those held. Params: `what`, `name`, `path`."""

    code = "not-in-chain"
    exit_status = 205


class NameNotReadable(NotReadable):
    """Text is no height, block hash or transaction id. Params: `text`, `expected`."""

    code = "name-not-readable"
    exit_status = 206


class HeightAmbiguous(Refused):
    """Several held blocks have this height. Params: `height`, `blocks`."""

    code = "height-ambiguous"
    exit_status = 207


# --- bitcoin: parser (80-87) ----------------------------------------------------------------------


class TransactionNotReadable(NotReadable):
    """Bytes are not exactly one transaction. Params: `fault` (a word), `offset` (byte)."""

    code = "transaction-not-readable"
    exit_status = 80


# --- bitcoin: generated chains (81-84) ------------------------------------------------------------


class GeneratedFolderNotEmpty(Refused):
    """A chain is to be generated where something is already. Params: `path`."""

    code = "generated-folder-not-empty"
    exit_status = 81


class GeneratedRateWrong(Refused):
    """A rate of planted instances, or all together, is out of range. Params: `name`, `most`."""

    code = "generated-rate-wrong"
    exit_status = 82


class GeneratedTooSmall(Refused):
    """A chain is too short for what is to be planted. Params: `transactions`, `needed`."""

    code = "generated-too-small"
    exit_status = 83


class GeneratedOutOfRange(Refused):
    """A seed, size or start of a chain is out of range. Params: `option`, `least`, `most`."""

    code = "generated-out-of-range"
    exit_status = 84


# --- bitcoin: clusters and exposure on the site (86) ----------------------------------------------


class ClustersNotMade(Refused):
    """The clusters of a chain are not made, or not of what is here now. Params: `chain`."""

    code = "clusters-not-made"
    exit_status = 86
    shares_status = True


class AnswerTakesLong(Refused):
    """An answer takes longer than a page may wait for it. Params: `command`."""

    code = "answer-takes-long"
    exit_status = 86
    shares_status = True


# --- bitcoin: stores (86, which the later errors of this room share) ------------------------------


class ChainHasGap(Refused):
    """Blocks of a chain that is to be whole are missing.

    Params: `height`, `missing`, `child`, `count`.
    """

    code = "chain-has-gap"
    exit_status = 86
    shares_status = True


class BlockNotSound(IntegrityBroken):
    """No copy of a block of the chain is what its header says.

    Params: `name`, `height`, `path`, `reason`.
    """

    code = "block-not-sound"
    exit_status = 86
    shares_status = True


class SpendNotResolved(IntegrityBroken):
    """A whole chain lacks an output that it spends. Params: `outpoint`, `txid`, `height`."""

    code = "spend-not-resolved"
    exit_status = 86
    shares_status = True


class AmountsNotPossible(IntegrityBroken):
    """A transaction of a chain pays out what it cannot have. Params: `txid`, `height`, `reason`."""

    code = "amounts-not-possible"
    exit_status = 86
    shares_status = True


class SpentTwice(IntegrityBroken):
    """Two inputs of one chain spend the same output. Params: `outpoint`."""

    code = "spent-twice"
    exit_status = 86
    shares_status = True


class StoreFull(Refused):
    """A store holds as many scripts as its format allows. Params: `path`."""

    code = "store-full"
    exit_status = 86
    shares_status = True


class StoreNoRoom(Refused):
    """The disk has not enough room for what is to be made.

    Params: `path`, `blocks`, `needed`, `free`.
    """

    code = "store-no-room"
    exit_status = 86
    shares_status = True


class StoreLimitReached(Refused):
    """Adding blocks needed more than was allowed. Params: `limit` (a phrase), `amount`."""

    code = "store-limit-reached"
    exit_status = 86
    shares_status = True


class ChainBeingRead(Refused):
    """Blocks cannot be taken back while somebody reads the chain. Params: `path`."""

    code = "chain-being-read"
    exit_status = 86
    shares_status = True


class ChainBeingChanged(Refused):
    """Nobody can read the chain while blocks are taken back or made anew. Params: `path`."""

    code = "chain-being-changed"
    exit_status = 86
    shares_status = True


class ChainIsStore(Refused):
    """A store takes block files alone, in the order of the chain. Params: `path`, `what`."""

    code = "chain-is-store"
    exit_status = 86
    shares_status = True


class ChainNotStore(Refused):
    """The chain is no store. Params: `path`."""

    code = "chain-not-store"
    exit_status = 86
    shares_status = True


class SpreadNotExact(Refused):
    """Coins cannot be carried through a whole chain exactly. Params: `txid`, `why`."""

    code = "spread-not-exact"
    exit_status = 86
    shares_status = True


class NoChainFound(NotFound):
    """No run of blocks begins where the store begins. Params: `path`, `height`."""

    code = "no-chain-found"
    exit_status = 86
    shares_status = True


# --- bitcoin: starts of a trace -----------------------------------------------------------------


class StartHasNoCoins(Refused):
    """What was named as a start holds no coins that could be followed. Params: `start`, `why`."""

    code = "start-has-no-coins"
    exit_status = 208


class StartsTableNotReadable(NotReadable):
    """A table of starts is not what it should be. Params: `path`, `line`, `why`."""

    code = "starts-table-not-readable"
    exit_status = 209


# --- reports: recorded traces --------------------------------------------------------------------


class TraceNotReadable(NotReadable):
    """A recorded trace cannot be run again. Params: `why`."""

    code = "trace-not-readable"
    exit_status = 171


class TraceNotReproduced(IntegrityBroken):
    """A trace no longer comes out as recorded. Params: `trace`, `chain`."""

    code = "trace-not-reproduced"
    exit_status = 172


class TraceNotFound(NotFound):
    """No trace has this id or number. Params: `name`."""

    code = "trace-not-found"
    exit_status = 173


class FindingNotSupported(Refused):
    """The trace does not hold what the finding would say. Params: `why`."""

    code = "finding-not-supported"
    exit_status = 174


# --- reports: printed and signed ------------------------------------------------------------------


class ReportNotPrinted(IntegrityBroken):
    """Template, fonts or data of a report do not give a document. Params: `why`."""

    code = "report-not-printed"
    exit_status = 176


class LanguageNotSignedOff(NotPermitted):
    """No named reviewer has signed off this language's words. Params: `language`."""

    code = "language-not-signed-off"
    exit_status = 177


class CertificateNotReadable(NotReadable):
    """A PKCS#12 file has no usable key and certificate. Params: `path`, `why`."""

    code = "certificate-not-readable"
    exit_status = 178


class CertificateKeyRefused(Refused):
    """PDF readers do not check signatures of this kind of key. Params: `path`, `kind`."""

    code = "certificate-key-refused"
    exit_status = 179


# --- doors --------------------------------------------------------------------------------------


class OfficerNotNamed(NotPermitted):
    """Nobody said who acts, and there is not exactly one officer. Params: `known`."""

    code = "officer-not-named"
    exit_status = 180


class OptionMissing(Refused):
    """A word or option that is needed here was not given. Params: `option`."""

    code = "option-missing"
    exit_status = 182


class ReceiverNotConfirmed(NotPermitted):
    """The receiving officer's key opens for anyone here. Params: `name`."""

    code = "receiver-not-confirmed"
    exit_status = 183


class OptionNotUsable(NotReadable):
    """An option of a command does not fit. Params: `option`, `value`, `why`."""

    code = "option-not-usable"
    exit_status = 181


class PortTaken(Unreachable):
    """The port is used by another program, or is not for this user. Params: `port`."""

    code = "port-taken"
    exit_status = 189


class UnitSiteNeeded(Refused):
    """A command for cases was called in a programme's workspace. Params: `path`."""

    code = "unit-site-needed"
    exit_status = 185


class ProgrammeSiteNeeded(Refused):
    """A command for assessments was called in a unit's workspace. Params: `path`."""

    code = "programme-site-needed"
    exit_status = 186


class AccountNotNamed(NotPermitted):
    """Nobody said who acts, and there is not exactly one account. Params: `known`."""

    code = "account-not-named"
    exit_status = 187


class NetworkWithoutTls(Refused):
    """The site was to be served to a network without TLS. Params: `host`."""

    code = "network-without-tls"
    exit_status = 184


class TokenNeeded(NotPermitted):
    """A request to the API came without a token that is good."""

    code = "token-needed"
    exit_status = 211


class TokenReadOnly(NotPermitted):
    """A request that changes something came with a token that only reads."""

    code = "token-read-only"
    exit_status = 212


class RequestNotReadable(NotReadable):
    """A request to the API is not what it should be. Params: `field`, `why`."""

    code = "request-not-readable"
    exit_status = 213


class RequestTooLarge(Refused):
    """A request to the API has too many bytes. Params: `limit_bytes`."""

    code = "request-too-large"
    exit_status = 214


class ServerFault(Unreachable):
    """A request to the API met a fault of Kancil's own; the server's log has it whole."""

    code = "server-fault"
    exit_status = 215


# --- desk ---------------------------------------------------------------------------------------


class DatabaseUrlWrong(NotReadable):
    """DATABASE_URL is not a PostgreSQL address."""

    code = "database-url-wrong"
    exit_status = 220


class DeskBusy(Unreachable):
    """Another process has held the desk's database for too long."""

    code = "desk-busy"
    exit_status = 221


class DeskNotReadable(NotReadable):
    """The desk's database does not answer as it should. Params: `why`."""

    code = "desk-not-readable"
    exit_status = 222


class AccountNameTaken(Refused):
    """Another account has this user name. Params: `name`."""

    code = "account-name-taken"
    exit_status = 223


class PersonNotFound(NotFound):
    """No active account has this user name. Params: `name`."""

    code = "person-not-found"
    exit_status = 224


class MemberAlready(Refused):
    """The person belongs to the case already. Params: `name`."""

    code = "member-already"
    exit_status = 225


class AdministratorNeeded(Refused):
    """Without this account nobody could keep accounts any more. Params: `name`."""

    code = "administrator-needed"
    exit_status = 255


class PageNotAllowed(NotPermitted):
    """The signed-in person may not use this page."""

    code = "page-not-allowed"
    exit_status = 226


class PageNotFound(NotFound):
    """There is no such page or case, or none that this person may know of."""

    code = "page-not-found"
    exit_status = 227


class GraphQueryNotReadable(NotReadable):
    """A view of the money graph that came from a browser is not one. Params: `part`."""

    code = "graph-query-not-readable"
    exit_status = 228


class GraphNodeNotFound(NotFound):
    """The picture has no node of this id. Params: `node`."""

    code = "graph-node-not-found"
    exit_status = 229


class GraphNodeFixed(Refused):
    """A node that neither opens nor folds. Params: `node`."""

    code = "graph-node-fixed"
    exit_status = 230


class GraphFull(Refused):
    """Opening would draw more nodes than a picture may hold. Params: `most`."""

    code = "graph-full"
    exit_status = 231


class DeskUnreachable(Unreachable):
    """The desk's database does not answer, or takes nothing. Params: `why`."""

    code = "desk-unreachable"
    exit_status = 232


class TextNotStorable(NotReadable):
    """A text holds the character NUL, which no database column can hold."""

    code = "text-not-storable"
    exit_status = 233


class DeskNotEmpty(Refused):
    """A backup is to be restored into a database that holds something already. Params: `name`."""

    code = "desk-not-empty"
    exit_status = 234


class RowsDiffer(IntegrityBroken):
    """Rows of the desk do not say what the ledger says. Params: `count`."""

    code = "rows-differ"
    exit_status = 235
    shares_status = True


class KeptFileChanged(IntegrityBroken):
    """A bundle or report that the site keeps is not what was made. Params: `name`, `n`."""

    code = "kept-file-changed"
    exit_status = 235
    shares_status = True


class SecondFactorSealed(NotReadable):
    """A code's secret was sealed with a `keys/secret` that is not here."""

    code = "second-factor-sealed"
    exit_status = 236


class WorkUnknown(NotFound):
    """A task was asked for under a name that this version does not know. Params: `name`."""

    code = "work-unknown"
    exit_status = 250


class WorkFault(Unreachable):
    """A task met a fault of Kancil's own. Params: `kind`."""

    code = "work-fault"
    exit_status = 251


class WorkerDied(Unreachable):
    """The worker of a task ended without a word at each of its tries. Params: `tries`."""

    code = "worker-died"
    exit_status = 252


class WorkNoLongerAllowed(NotPermitted):
    """Whoever asked for the task may not do it any more. Params: `name`."""

    code = "work-no-longer-allowed"
    exit_status = 253


class WorkNotYours(NotPermitted):
    """The task was asked for by somebody else."""

    code = "work-not-yours"
    exit_status = 237
    shares_status = True


class WorkTooMuch(Refused):
    """Whoever asks has as many open tasks as one person may have. Params: `most`."""

    code = "work-too-much"
    exit_status = 237
    shares_status = True


class FolderNotOffered(NotFound):
    """The server offers no folder of this name for intake. Params: `name`."""

    code = "folder-not-offered"
    exit_status = 238


class ChainNameWrong(NotReadable):
    """This is no name for a chain. Params: `name`."""

    code = "chain-name-wrong"
    exit_status = 239


class UploadNotReadable(NotReadable):
    """What a browser sent for an upload cannot be used. Params: `why`."""

    code = "upload-not-readable"
    exit_status = 254


# --- programme: assessment ------------------------------------------------------------------------


class ProtocolNotReadable(NotReadable):
    """A protocol file has faults. Params: `path`, `line`, `why`, `count`."""

    code = "protocol-not-readable"
    exit_status = 30
    wing = "programme"


class ProtocolNotFound(NotFound):
    """No packaged protocol has this name. Params: `name`, `known`."""

    code = "protocol-not-found"
    exit_status = 31
    wing = "programme"


# --- programme: assessment exchange ---------------------------------------------------------------


class AnswersFileTooLarge(Refused):
    """A file of answers is larger than is read. Params: `path`, `megabytes`."""

    code = "answers-file-too-large"
    exit_status = 40
    wing = "programme"


class AnswersFileBroken(IntegrityBroken):
    """A file of answers is not as it was signed. Params: `path`, `why`."""

    code = "answers-file-broken"
    exit_status = 41
    wing = "programme"


class AnswersKeyUnknown(NotPermitted):
    """A key that nobody compared signed a file of answers. Params: `path`, `fingerprint`."""

    code = "answers-key-unknown"
    exit_status = 42
    wing = "programme"


class AnswersFileNotReadable(NotReadable):
    """A file of answers is signed well and is not of the form. Params: `path`, `why`."""

    code = "answers-file-not-readable"
    exit_status = 43
    wing = "programme"


class AnswersForOther(Refused):
    """Answers are on a protocol that is not the one here. Params: `path`, `found`, `known`."""

    code = "answers-for-other"
    exit_status = 44
    wing = "programme"


class AnswerSheetNotReadable(NotReadable):
    """A sheet of answers cannot be read. Params: `path`, `why`."""

    code = "answer-sheet-not-readable"
    exit_status = 45
    wing = "programme"


class AnswerSheetTooLarge(Refused):
    """A sheet of answers is larger than is read. Params: `path`, `why`."""

    code = "answer-sheet-too-large"
    exit_status = 46
    wing = "programme"


class AreaUnknown(NotFound):
    """A protocol has no such area. Params: `name`, `protocol`, `known`."""

    code = "area-unknown"
    exit_status = 47
    wing = "programme"


# --- programme: desk of assessments ---------------------------------------------------------------


class RoundNotFound(NotFound):
    """There is no such round, or none that this person may know of."""

    code = "round-not-found"
    exit_status = 60
    wing = "programme"


class CountryNotFound(NotFound):
    """There is no such country, or none that this person may know of. Params: `code`."""

    code = "country-not-found"
    exit_status = 61
    wing = "programme"


class RecordNotFound(NotFound):
    """A round or country has no such thing, or none that this person may know of.

    Params: `thing`.
    """

    code = "record-not-found"
    exit_status = 62
    wing = "programme"


class ActNotYours(NotPermitted):
    """The person sees the round or country, and this is not hers to do. Params: `name`."""

    code = "act-not-yours"
    exit_status = 63
    wing = "programme"


class RoundClosed(Refused):
    """The round is closed; nothing is answered, settled or brought any more. Params: `title`."""

    code = "round-closed"
    exit_status = 64
    wing = "programme"


class CountryKnown(Refused):
    """The country is there already. Params: `code`."""

    code = "country-known"
    exit_status = 65
    wing = "programme"


class ProtocolAltered(Refused):
    """Another text is kept under this protocol's name. Params: `name`."""

    code = "protocol-altered"
    exit_status = 66
    wing = "programme"


class ProtocolNotInRound(NotFound):
    """The round does not use this protocol. Params: `name`, `known`."""

    code = "protocol-not-in-round"
    exit_status = 67
    wing = "programme"


class IndicatorNotFound(NotFound):
    """The protocol has no such indicator or part. Params: `name`, `protocol`."""

    code = "indicator-not-found"
    exit_status = 68
    wing = "programme"


class AnswerNotOnScale(NotReadable):
    """A value is none of the question's scale. Params: `name`, `scale`."""

    code = "answer-not-on-scale"
    exit_status = 69
    wing = "programme"


class ReasonMissing(Refused):
    """What was asked for needs a reason in words. Params: `thing`."""

    code = "reason-missing"
    exit_status = 70
    wing = "programme"


class AnswerMoved(Refused):
    """The author has given a newer answer since this one was begun. Params: `name`."""

    code = "answer-moved"
    exit_status = 71
    wing = "programme"


class IndicatorSettled(Refused):
    """The indicator was agreed on; it is answered again only when reopened. Params: `name`."""

    code = "indicator-settled"
    exit_status = 72
    wing = "programme"


class NothingToSettle(Refused):
    """No answer, or not this one, stands for the indicator. Params: `name`."""

    code = "nothing-to-settle"
    exit_status = 73
    wing = "programme"


class SettlementNeedsAnother(NotPermitted):
    """Whoever gave an answer cannot agree to it herself. Params: `name`."""

    code = "settlement-needs-another"
    exit_status = 74
    wing = "programme"


class FieldNotUsable(NotReadable):
    """A field of what was asked for cannot be used. Params: `field`, `why`."""

    code = "field-not-usable"
    exit_status = 75
    wing = "programme"


class FileTooLarge(Refused):
    """A file of evidence is larger than this site takes. Params: `megabytes`."""

    code = "file-too-large"
    exit_status = 76
    wing = "programme"


class StoredFileMissing(IntegrityBroken):
    """A file that a row names is not in the site's store. Params: `sha256`."""

    code = "stored-file-missing"
    exit_status = 77
    wing = "programme"


class StoredFileBroken(IntegrityBroken):
    """A file's bytes are not those under whose digest it lies. Params: `sha256`."""

    code = "stored-file-broken"
    exit_status = 78
    wing = "programme"


class PartNotFitting(Refused):
    """A person's role does not fit the part in the team. Params: `name`."""

    code = "part-not-fitting"
    exit_status = 79
    wing = "programme"


class LeadMissing(Refused):
    """A team has one lead."""

    code = "lead-missing"
    exit_status = 80
    wing = "programme"


class PlanItemBlocked(Refused):
    """An item may not be approved yet. Params: `title`, `count`, `why` (the first)."""

    code = "plan-item-blocked"
    exit_status = 81
    wing = "programme"


class PlanItemState(Refused):
    """An item is not in the state this act begins from. Params: `title`, `state`."""

    code = "plan-item-state"
    exit_status = 82
    wing = "programme"


class MatrixMoved(Refused):
    """The legal matrix is not the one the lawyer read."""

    code = "matrix-moved"
    exit_status = 83
    wing = "programme"


class AlreadyWithdrawn(Refused):
    """The release was withdrawn before. Params: `title`."""

    code = "already-withdrawn"
    exit_status = 84
    wing = "programme"


class KeyKnown(Refused):
    """The key is known already, or was and has ended. Params: `fingerprint`."""

    code = "key-known"
    exit_status = 85
    wing = "programme"


class KeyNotKnown(NotPermitted):
    """No key of this fingerprint is known, or it has ended. Params: `fingerprint`."""

    code = "key-not-known"
    exit_status = 86
    wing = "programme"


class AnswerAltered(IntegrityBroken):
    """A file brings under a known id something else than what is kept. Params: `id`."""

    code = "answer-altered"
    exit_status = 87
    wing = "programme"


class AnswersIncomplete(NotReadable):
    """A file names an answer or evidence that is neither in it nor here. Params: `id`."""

    code = "answers-incomplete"
    exit_status = 88
    wing = "programme"


class AnswerFirst(NotPermitted):
    """What others gave to a question is shown only after her own answer. Params: `name`."""

    code = "answer-first"
    exit_status = 97
    wing = "programme"
