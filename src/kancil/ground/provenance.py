"""Know who spoke: method, version, parameters and input digests of whatever was computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record, a trace or a finding comes from."""

    method: str
    """Name of the method, such as `bitcoin.trace.haircut`."""
    version: str
    """Version of the method; an older version stays runnable beside a newer one."""
    parameters: dict[str, Any]
    """Canonical-JSON-ready parameters, complete enough to run it again."""
    inputs: tuple[str, ...]
    """SHA-256 digests (hex) of the inputs, sorted."""
