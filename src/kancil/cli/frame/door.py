"""What every command stands in: the workspace, the ledger, the acting officer, and the screen.

A command takes its `Door`, calls one act or query, and ends with `show`. Nothing asks a question
unless a person sits at a terminal.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kancil.cli.errors import OfficerNotNamed, ProgrammeSiteNeeded, UnitSiteNeeded
from kancil.custody.acting import ActingOfficer, serving_people
from kancil.custody.errors import KeyLocked, LedgerFileBroken, OfficerKeyNotFound
from kancil.custody.keys import KeyRing
from kancil.custody.roll import Officer, Roll
from kancil.desk.studies.errors import OptionMissing
from kancil.evidence.named import named_contents
from kancil.evidence.vault import Vault
from kancil.ground.clock import now
from kancil.ground.errors import FileExists, FileNotReadable
from kancil.ground.files import translated, write_durably
from kancil.ground.ids import OfficerId
from kancil.ground.owner import tighten
from kancil.ground.phrase import Phrase
from kancil.ground.skipped import Skipped
from kancil.ground.training_mark import MARKINGS
from kancil.ground.words import render, speak
from kancil.ground.workspace import Site, Workspace, find_workspace

from .desk import database_url, desk_ledger
from .screen import Screen

if TYPE_CHECKING:
    from kancil.desk.custody.store import DeskLedger

PASSPHRASE_VARIABLE = "KANCIL_PASSPHRASE"  # noqa: S105 (the name of a variable, no secret)
CERTIFICATE_VARIABLE = "KANCIL_CERTIFICATE_PASSPHRASE"
OFFICER_VARIABLE = "KANCIL_OFFICER"


class Door:
    """One running command."""

    def __init__(
        self,
        context: Any,
        workspace: Path | None = None,
        *,
        site: Site | None = Site.UNIT,
    ) -> None:
        """Take the command line's shared options from the running command's context.

        `workspace`: the workspace a command itself has just made, in place of the named one.
        `site`: what a workspace must serve for this command, a classroom as a unit; None: any.
        """
        shared: dict[str, Any] = context.obj or {}
        told = shared.get("shared_workspace")
        named = Path(told) if told else None
        self.named = workspace or named
        self._site = site
        self.officer: str | None = shared.get("shared_officer")
        """Who was named with --as."""
        self.as_json: bool = bool(shared.get("shared_json"))
        self.screen = Screen(quiet=self.as_json)

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace that was meant; its unit's language is spoken from then on.

        What others may read of it is shut to them, and said. Raises WorkspaceNotFound,
        UnitSiteNeeded, ProgrammeSiteNeeded, WorkspaceExposed.
        """
        found = find_workspace(self.named, environment=os.environ, here=Path.cwd())
        speak(found.unit.language)
        if self._site is not None and found.site.holds_cases is not self._site.holds_cases:
            needed = UnitSiteNeeded if self._site.holds_cases else ProgrammeSiteNeeded
            raise needed(path=str(found.root))
        shut = tighten(found.root)
        if shut:
            self.screen.warn(render("note.workspace-tightened", path=str(found.root), count=shut))
        return found

    @cached_property
    def ledger(self) -> DeskLedger:
        """The workspace's ledger, which `init` began; raises FileNotReadable, LedgerFileBroken."""
        path = self.workspace.desk_path
        if not (database_url() or path.is_file()):
            raise FileNotReadable(path=str(path))
        ledger = desk_ledger(self.workspace)
        if not ledger.head().size:
            raise LedgerFileBroken(path=str(path), why=Phrase("note.ledger-empty"))
        return ledger

    @property
    def roll(self) -> Roll:
        """The state that the ledger's entries make, as it is now."""
        return self.ledger.folded(Roll)

    @cached_property
    def keys(self) -> KeyRing:
        """The workspace's private keys."""
        return KeyRing(self.workspace.keys_dir)

    @cached_property
    def vault(self) -> Vault:
        """The workspace's vault."""
        at = self.workspace
        return Vault(at.vault_dir, at.incoming_dir, at.reserve_bytes)

    def acting(self) -> ActingOfficer:
        """The acting officer with their key unlocked.

        Named by --as, else KANCIL_OFFICER, else the only active officer there is.
        Raises OfficerNotNamed, and what unlocking raises.
        """
        named = self.officer or os.environ.get(OFFICER_VARIABLE) or None
        return self.unlock(named)

    def unlock(self, named: str | None) -> ActingOfficer:
        """Unlock an officer's key, asking for a passphrase only at a terminal.

        Raises OfficerNotFound, OfficerNotNamed, OfficerKeyNotFound, KeyLocked.
        """
        roll = self.roll
        officer = self._only_officer(roll) if named is None else roll.officer(named)
        active = roll.active_key(officer.id)
        if active is not None:
            self.keys.settle(officer.id, active.fingerprint)
        if self.keys.folder.is_dir() and not self.keys.officer_path(officer.id).is_file():
            raise OfficerKeyNotFound(name=officer.name)
        try:
            signer = self.keys.officer_signer(officer.id)
        except KeyLocked:
            passphrase = self.passphrase(render("ask.passphrase", name=officer.name))
            if passphrase is None:
                raise
            signer = self.keys.officer_signer(officer.id, passphrase)
        return ActingOfficer(officer.id, signer)

    def has_passphrase(self, officer: OfficerId) -> bool:
        """Whether an officer's key needs a passphrase of their own to open."""
        try:
            self.keys.officer_signer(officer)
        except KeyLocked:
            return True
        return False

    @staticmethod
    def _only_officer(roll: Roll) -> Officer:
        serving = serving_people(roll)
        if len(serving) != 1:
            known = ", ".join(f"{officer.label} {officer.name}" for officer in serving)
            raise OfficerNotNamed(known=known)
        return serving[0]

    def passphrase(self, question: str, variable: str = PASSPHRASE_VARIABLE) -> str | None:
        """A passphrase from an environment variable, else from the terminal, else None."""
        if variable in os.environ:
            return os.environ[variable]
        if self.screen.is_terminal:
            return getpass.getpass(question + " ")
        return None

    def time(self, moment: datetime) -> str:
        """Write a time in the unit's zone, with its offset."""
        return moment.astimezone(self.workspace.zone).strftime("%Y-%m-%d %H:%M:%S %z")

    @property
    def now(self) -> datetime:
        """The present moment, aware UTC."""
        return now()

    def named_contents(self) -> set[str]:
        """The digests that the vault must hold."""
        return named_contents(self.roll, self.ledger.entries(), self.vault)

    @contextmanager
    def intake(self) -> Iterator[None]:
        """Hold the vault open for an intake."""
        with self.vault.intake_open(self.named_contents):
            yield

    @staticmethod
    def can_write(*paths: Path | None) -> None:
        """Refuse, before anything is recorded, a file that is there or can never be written."""
        for path in paths:
            if path is None:
                continue
            if path.exists() or path.is_symlink():
                raise FileExists(path=str(path))
            folder = path.absolute().parent
            while not folder.exists():
                folder = folder.parent
            try:
                tempfile.TemporaryFile(dir=folder).close()
            except OSError as error:
                raise translated(error, path) from error

    @staticmethod
    def needed(value: str | None, option: str) -> str:
        """A text that must not be empty; raises OptionMissing."""
        if value is None or not value.strip():
            raise OptionMissing(option=option)
        return value

    def write(self, path: Path, data: bytes) -> None:
        """Write a new file that a command was asked for; never over another.

        A table, picture or calendar of a classroom says that it is one. Objects in JSON keep their
        bytes: they are letters, which say it already, or are read again by a command.
        """
        if path.exists():
            raise FileExists(path=str(path))
        word = self.training_word
        for end, change in MARKINGS.values():
            if word and end == path.suffix.lower() != ".json":
                data = b"".join(change([data], word))
        write_durably(path, data, replace=False)

    @property
    def training_word(self) -> str:
        """What marks a file that leaves the opened workspace; empty where that is no classroom."""
        opened: Workspace | None = self.__dict__.get("workspace")
        return render("name.training") if opened is not None and opened.site.is_training else ""

    def keep(self, path: Path, data: bytes) -> None:
        """Write a file of the workspace itself, replacing an older one of that name."""
        write_durably(path, data)

    def show(self, value: Any, text: str | Callable[[], None]) -> None:
        """Answer: the value as JSON, or its text for a person."""
        if self.as_json:
            sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=True) + "\n")
        elif callable(text):
            text()
        else:
            self.screen.say(text)

    def show_skipped(self, skipped: Sequence[Skipped], limit: int = 10) -> None:
        """What was left out: each kind counted, the first ones by name."""
        if self.as_json or not skipped:
            return
        self.screen.say(render("note.skipped", count=len(skipped)))
        for skip in skipped[:limit]:
            self.screen.say("  " + render(f"skip.{skip.code}", place=skip.place, **skip.params))
        if len(skipped) > limit:
            self.screen.say("  " + render("note.skipped-more", count=len(skipped) - limit))
