"""The workspace: one folder that holds all a unit keeps, and the settings file that marks it.

The layout is normative: docs/formats/workspace.md. Settings are read when a workspace is opened,
never at import.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import (
    FormatTooNew,
    LedgerFormatUnreleased,
    SettingNotReadable,
    WorkspaceExists,
    WorkspaceNotFound,
)
from .files import write_durably
from .ids import UnitId, is_id
from .owner import tighten
from .room import RESERVE_BYTES

FORMAT = 2
SETTINGS_NAME = "kancil.toml"
HOME_VARIABLE = "KANCIL_HOME"

_BEGUN = ".kancil-init"
"""Marks a folder in which `init` has begun and not ended."""

_FOLDERS = (
    "desk",
    "keys",
    "vault",
    "incoming",
    "chains",
    "labels",
    "prices",
    "transfers",
    "triage",
    "traces",
    "studies",
    "views",
    "law",
    "requests",
    "packages",
    "directory",
    "checkpoints",
)


class Site(StrEnum):
    """What a workspace serves; a process serves one."""

    UNIT = "unit"
    """A unit's cases: ledger, exhibits, studies."""
    PROGRAMME = "programme"
    """A programme's assessments; it has no case books."""
    CLASSROOM = "classroom"
    """A unit's rooms with exercises in them, marked TRAINING throughout; no real case."""

    @property
    def holds_cases(self) -> bool:
        """Whether it has a ledger, exhibits and studies."""
        return self is not Site.PROGRAMME

    @property
    def is_training(self) -> bool:
        """Whether all that it holds and makes is exercise."""
        return self is Site.CLASSROOM


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit a workspace belongs to, as its settings say."""

    id: UnitId
    """UUIDv7; the same as in the ledger's first entry."""
    name: str
    country: str
    """ISO 3166-1 alpha-2."""
    zone: ZoneInfo
    """IANA zone in which times are shown."""
    language: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """An opened workspace folder."""

    root: Path
    unit: Unit
    site: Site = Site.UNIT
    reserve_bytes: int = RESERVE_BYTES
    """What uploads and intakes must leave free on their disk."""
    checkpoint_copies: Path | None = None
    """Folder or drive to which each checkpoint is copied."""

    @property
    def desk_path(self) -> Path:
        """The desk's SQLite file, which holds the ledger; not used with PostgreSQL."""
        return self.root / "desk" / "desk.sqlite"

    @property
    def uploads_dir(self) -> Path:
        """What browsers have sent and no intake has taken yet."""
        return self.root / "desk" / "uploads"

    @property
    def intake_dir(self) -> Path:
        """Made by an administrator: what is laid ready on the server to be taken in."""
        return self.root / "intake"

    @property
    def keys_dir(self) -> Path:
        """Private keys; never in a default backup."""
        return self.root / "keys"

    @property
    def vault_dir(self) -> Path:
        """Exhibit bytes by content."""
        return self.root / "vault"

    @property
    def incoming_dir(self) -> Path:
        """What an intake has not finished."""
        return self.root / "incoming"

    @property
    def chains_dir(self) -> Path:
        """Block columns, one folder a chain."""
        return self.root / "chains"

    @property
    def labels_dir(self) -> Path:
        """Imported labels."""
        return self.root / "labels"

    @property
    def prices_dir(self) -> Path:
        """Imported price tables."""
        return self.root / "prices"

    @property
    def transfers_dir(self) -> Path:
        """Transfers that tables state, by table and mapping."""
        return self.root / "transfers"

    @property
    def triage_dir(self) -> Path:
        """What the files of images are, by the digest of the image's files: a cache."""
        return self.root / "triage"

    @property
    def traces_dir(self) -> Path:
        """Results of traces, by id."""
        return self.root / "traces"

    @property
    def studies_dir(self) -> Path:
        """Recorded results of studies other than traces, by id."""
        return self.root / "studies"

    @property
    def requests_dir(self) -> Path:
        """Drafts of requests, each version by its SHA-256."""
        return self.root / "requests"

    @property
    def packages_dir(self) -> Path:
        """Packages of figures by their SHA-256, and drafts of them by id."""
        return self.root / "packages"

    @property
    def views_dir(self) -> Path:
        """Saved views, by id."""
        return self.root / "views"

    @property
    def law_dir(self) -> Path:
        """The unit's files of law, by SHA-256."""
        return self.root / "law"

    @property
    def directory_dir(self) -> Path:
        """Other units' signed directory files, by SHA-256."""
        return self.root / "directory"

    @property
    def checkpoints_dir(self) -> Path:
        """Signed checkpoints and their time stamps."""
        return self.root / "checkpoints"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown to people."""
        return self.unit.zone


def find_workspace(named: Path | None, *, environment: Mapping[str, str], here: Path) -> Workspace:
    """Open the workspace that was meant: named, else KANCIL_HOME, else the nearest parent.

    Raises WorkspaceNotFound, SettingNotReadable, FormatTooNew, LedgerFormatUnreleased.
    """
    if named is not None:
        return open_workspace(named)
    if environment.get(HOME_VARIABLE):
        return open_workspace(Path(environment[HOME_VARIABLE]))
    for folder in (here, *here.parents):
        if (folder / SETTINGS_NAME).is_file():
            return open_workspace(folder)
    raise WorkspaceNotFound(path=str(here))


def new_root(named: Path | None, *, environment: Mapping[str, str], here: Path) -> Path:
    """Where `init` makes a workspace that no argument places; parents are not looked through.

    The same order as `find_workspace` has, so that the commands that follow find it there.
    """
    return named or Path(environment.get(HOME_VARIABLE) or here)


def open_workspace(root: Path) -> Workspace:
    """Open a workspace folder.

    Raises WorkspaceNotFound, SettingNotReadable, FormatTooNew, LedgerFormatUnreleased.
    """
    path = root / SETTINGS_NAME
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WorkspaceNotFound(path=str(root)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingNotReadable(path=str(path), setting="TOML", value=str(error)) from error
    number = settings.get("format")
    if not isinstance(number, int) or isinstance(number, bool):
        raise SettingNotReadable(path=str(path), setting="format", value=str(number))
    if number > FORMAT:
        raise FormatTooNew(what=str(path), found=number, known=FORMAT)
    if number < FORMAT:
        raise LedgerFormatUnreleased(what=str(root), found=number)
    unit = _read_unit(settings.get("unit"), path)
    site = _read_site(settings.get("site"), path)
    reserve = _read_reserve(settings.get("reserve_bytes"), path)
    copies = _read_copies(settings.get("checkpoints"), path)
    return Workspace(root.resolve(), unit, site, reserve, copies)


def _read_site(value: Any, path: Path) -> Site:
    """Read which site is served; a file without the key is a unit's."""
    if value is None:
        return Site.UNIT
    if value not in tuple(Site):
        raise SettingNotReadable(path=str(path), setting="site", value=str(value)[:40])
    return Site(value)


def _read_reserve(value: Any, path: Path) -> int:
    """Read how much of the disk uploads must leave free."""
    if value is None:
        return RESERVE_BYTES
    if type(value) is not int or value < 0:
        raise SettingNotReadable(path=str(path), setting="reserve_bytes", value=str(value)[:40])
    return value


def _read_copies(table: Any, path: Path) -> Path | None:
    """Read where copies of checkpoints go: an absolute path; nowhere without the key."""
    value = table.get("copy_to") if isinstance(table, dict) else table
    if value is None:
        return None
    if not isinstance(value, str) or not value.startswith("/"):
        shown = str(value)[:80]
        raise SettingNotReadable(path=str(path), setting="checkpoints.copy_to", value=shown)
    return Path(value)


def _read_unit(table: Any, path: Path) -> Unit:
    if not isinstance(table, dict):
        raise SettingNotReadable(path=str(path), setting="[unit]", value=str(table))
    values: dict[str, str] = {}
    for name in ("id", "name", "country", "zone", "language"):
        value = table.get(name)
        if not isinstance(value, str) or not value:
            raise SettingNotReadable(path=str(path), setting=f"unit.{name}", value=str(value))
        values[name] = value
    if not is_id(values["id"]):
        raise SettingNotReadable(path=str(path), setting="unit.id", value=values["id"])
    zone = read_zone(values["zone"], path)
    return Unit(UnitId(values["id"]), values["name"], values["country"], zone, values["language"])


def read_zone(name: str, path: Path | str) -> ZoneInfo:
    """The IANA zone of that name; raises SettingNotReadable (`path`: where it was written)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingNotReadable(path=str(path), setting="unit.zone", value=name) from error


def lay_out(root: Path) -> None:
    """Make an empty workspace's folders; `mark` makes it a workspace, as the last step.

    What an `init` that was killed left behind is cleared first. Raises WorkspaceExists when the
    folder holds anything else.
    """
    marker = root / _BEGUN
    if root.exists() and not root.is_dir():
        raise WorkspaceExists(path=str(root))
    if marker.is_file() and not (root / SETTINGS_NAME).exists():
        for name in _FOLDERS:
            shutil.rmtree(root / name, ignore_errors=True)
        marker.unlink()
    if root.exists() and any(root.iterdir()):
        raise WorkspaceExists(path=str(root))
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    tighten(root)
    write_durably(marker, b"")
    complete_folders(root)


def complete_folders(root: Path) -> None:
    """Make the folders that this format has and a laid-out or restored folder lacks."""
    for name in _FOLDERS:
        (root / name).mkdir(mode=0o700, exist_ok=True)
    (root / "keys").chmod(0o700)


def mark(
    root: Path,
    unit: Unit,
    site: Site = Site.UNIT,
    *,
    reserve_bytes: int = RESERVE_BYTES,
    checkpoint_copies: Path | None = None,
) -> Workspace:
    """Write `kancil.toml`, by which a laid-out folder becomes a workspace."""
    served = "" if site is Site.UNIT else f"site = {_quoted(site)}\n"
    if reserve_bytes != RESERVE_BYTES:
        served += f"reserve_bytes = {reserve_bytes}\n"
    text = (
        f"format = {FORMAT}\n{served}\n[unit]\n"
        f"id = {_quoted(unit.id)}\n"
        f"name = {_quoted(unit.name)}\n"
        f"country = {_quoted(unit.country)}\n"
        f"zone = {_quoted(unit.zone.key)}\n"
        f"language = {_quoted(unit.language)}\n"
    )
    if checkpoint_copies is not None:
        text += f"\n[checkpoints]\ncopy_to = {_quoted(str(checkpoint_copies))}\n"
    write_durably(root / SETTINGS_NAME, text.encode("utf-8"))
    (root / _BEGUN).unlink(missing_ok=True)
    return open_workspace(root)


def _quoted(text: str) -> str:
    """Write a TOML basic string (TOML 1.0, section String)."""
    result = ""
    for character in text:
        if character in '"\\':
            result += "\\" + character
        elif ord(character) < 0x20 or ord(character) == 0x7F:
            result += f"\\u{ord(character):04X}"
        else:
            result += character
    return f'"{result}"'
