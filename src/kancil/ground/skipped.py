"""A skip is a value: something was left out, where, and why; it is counted, never silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .phrase import Param


@dataclass(frozen=True, slots=True)
class Skipped:
    """One thing left out of a run.

    `code`: words are `skip.<code>`. `place`: file, line, byte or path, in plain text.
    `params`: named parameters of the sentence.
    """

    code: str
    place: str
    params: Mapping[str, Param] = field(default_factory=dict)
