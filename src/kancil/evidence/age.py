"""Encrypting a stream to recipients, and decrypting it, in the age format.

Source: C2SP `age`, version 1 (`age-encryption.org/v1`), by pyrage. The format proves no sender;
whether a stream is whole is known only when its last byte is read. Keys come from outside: Kancil
keeps no identity. All goes through a pipe, so that no plain copy lies on a disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyrage

from kancil.ground.digests import CHUNK_BYTES
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase

from .errors import BackupNotReadable

_START = b"age-encryption.org/v1\n"
_RECIPIENT, _IDENTITY = "age1", "AGE-SECRET-KEY-1"

Recipient = Any
"""`pyrage.x25519.Recipient`; the library has no types."""
Identity = Any
"""`pyrage.x25519.Identity`: a secret, kept in memory alone."""


def read_recipients(given: Sequence[str], option: str) -> list[Recipient]:
    """Read recipients, each a text `age1…` or a file with one a line.

    Raises OptionNotUsable, FileNotReadable.
    """
    found = []
    for each in given:
        lines = [each] if each.startswith(_RECIPIENT) else _lines(Path(each))
        try:
            found += [pyrage.x25519.Recipient.from_str(line) for line in lines]
        except pyrage.RecipientError as error:
            why = Phrase("why.no-recipient")
            raise OptionNotUsable(option=option, value=each[:80], why=why) from error
        if not lines:
            raise OptionNotUsable(option=option, value=each[:80], why=Phrase("why.no-recipient"))
    return found


def read_identities(path: Path, option: str) -> list[Identity]:
    """Read a file of identities, as `age-keygen` writes it; what is in it is never repeated.

    Raises OptionNotUsable, FileNotReadable.
    """
    return identities_in(read_file(path), option, str(path))


def identities_in(data: bytes, option: str, name: str) -> list[Identity]:
    """The identities in the bytes of such a file, which may have come from a browser.

    `name`: what the file is called, for the error. Raises OptionNotUsable.
    """
    wrong = OptionNotUsable(option=option, value=name[:200], why=Phrase("why.no-identity"))
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in _lines_in(data)]
    except pyrage.IdentityError:
        raise wrong from None
    if not found:
        raise wrong
    return found


def _lines(path: Path) -> list[str]:
    """The lines of a file of keys, without comments."""
    return _lines_in(read_file(path))


def _lines_in(data: bytes) -> list[str]:
    text = data[: 1 << 20].decode("utf-8", "replace")
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def is_encrypted(path: Path) -> bool:
    """Whether a file begins as the age format does."""
    with path.open("rb") as file:
        return file.read(len(_START)) == _START


@contextmanager
def encrypted_into(out: BinaryIO, recipients: Sequence[Recipient]) -> Iterator[BinaryIO]:
    """A stream; what is written to it is encrypted into `out` meanwhile.

    Whatever writing to `out` raises goes up.
    """
    reading, writing = _pipe()
    kept = _Kept(out)

    def encrypt() -> None:
        with reading:  # closed at the end, so that nobody writes to a pipe that nobody reads
            pyrage.encrypt_io(reading, kept, list(recipients))

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(encrypt)
        try:
            with writing:
                yield writing
        except BrokenPipeError:
            _raise_first(running, kept)
            raise
        _raise_first(running, kept)


@contextmanager
def decrypted(path: Path, identities: Sequence[Identity]) -> Iterator[BinaryIO]:
    """The plain bytes of an encrypted file as a stream, which is read to its end.

    Raises BackupNotReadable for a file that is cut, changed, or for another identity.
    """
    reading, writing = _pipe()

    def decrypt() -> None:
        with path.open("rb") as source, writing:
            pyrage.decrypt_io(source, writing, list(identities))

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(decrypt)
        try:
            with reading:
                yield reading
                while reading.read(CHUNK_BYTES):
                    pass
        finally:
            _tell_decrypting(running, path)


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")


def _raise_first(running: Future[None], kept: _Kept) -> None:
    """Raise what writing raised, which the library tells as text alone."""
    try:
        running.result()
    except pyrage.EncryptError:
        if kept.error is None:
            raise
        raise kept.error from None


def _tell_decrypting(running: Future[None], path: Path) -> None:
    try:
        running.result()
    except BrokenPipeError:
        pass  # the reader stopped first, and says why
    except pyrage.DecryptError as error:
        why = Phrase("why.backup-other-identity")
        raise BackupNotReadable(path=str(path), why=why) from error
    except OSError as error:
        if error.errno is not None:
            raise
        why = Phrase("why.backup-not-decrypted")
        raise BackupNotReadable(path=str(path), why=why) from error


class _Kept:
    """A writer that remembers what went wrong."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._out.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        self._out.flush()
