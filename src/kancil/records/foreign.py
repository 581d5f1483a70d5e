"""Packages of other sites, read in a child of its own (`ground.child`).

What doors and books call; `package` reads where it is.
"""

from __future__ import annotations

from kancil.ground.child import in_child

from .package import OpenedPackage, read_package


@in_child(memory_bytes=1 << 29, cpu_seconds=30)
def open_package(data: bytes, path: str) -> OpenedPackage:
    """Read a package; raises what `read_package` raises."""
    return read_package(data, path)
