"""What the disk under a folder looks like: encrypted by the system or not, local or not.

Kancil relies on the system's disk encryption (dm-crypt/LUKS on Linux) and only looks. What it
sees is stated in the ledger; what it cannot see is `not known`, never `yes`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_NETWORK_KINDS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone", "9p", "afs", "ceph"}
)
_ENCRYPTED_KINDS = frozenset({"ecryptfs", "fuse.gocryptfs", "fuse.cryfs"})


@dataclass(frozen=True, slots=True)
class Disk:
    """What was seen under a folder."""

    encrypted: str
    """`yes`, `no` or `not known`."""
    seen: str
    """What was looked at, in the system's own terms."""
    is_network: bool
    """Whether the folder lies on a network share."""


def look_at(folder: Path, *, mounts: Path = Path("/proc/self/mountinfo")) -> Disk:
    """Look at the file system that holds a folder; never raises for what cannot be seen."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
        device = folder.stat().st_dev
    except OSError:
        return Disk("not known", "no mount table", is_network=False)
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in reversed(lines):
        fields = line.split()
        if len(fields) > 6 and fields[2] == number and "-" in fields:
            kind, source = fields[fields.index("-") + 1 : fields.index("-") + 3]
            return _judge(kind, source, number)
    return Disk("not known", f"device {number} is not in the mount table", is_network=False)


def _judge(kind: str, source: str, number: str) -> Disk:
    seen = f"{kind} on {source}"
    if kind in _NETWORK_KINDS:
        return Disk("not known", seen, is_network=True)
    if kind in _ENCRYPTED_KINDS:
        return Disk("yes", seen, is_network=False)
    if kind in {"tmpfs", "ramfs"}:
        return Disk("no", seen + " (memory; lost at power off)", is_network=False)
    layers = _layers(Path("/sys/dev/block") / number)
    if layers is None:
        return Disk("not known", seen, is_network=False)
    encrypted = any(layer.startswith("CRYPT-") for layer in layers)
    named = ", ".join(layer for layer in layers if layer)
    return Disk(
        "yes" if encrypted else "no", f"{seen} ({named or 'no device mapper'})", is_network=False
    )


def _layers(device: Path, depth: int = 0) -> list[str] | None:
    """List the device-mapper ids of a block device and of all it stands on; None: not visible."""
    if depth > 8 or not device.exists():
        return None
    mapper = device / "dm" / "uuid"
    try:
        found = [mapper.read_text().strip()] if mapper.exists() else [""]
        slaves = sorted((device / "slaves").iterdir()) if (device / "slaves").is_dir() else []
    except OSError:
        return None
    for slave in slaves:
        found += _layers(slave, depth + 1) or []
    return found
