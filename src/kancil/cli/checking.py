"""Checking a workspace's bytes again, for the commands that end with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kancil.evidence.named import Trouble, check_contents
from kancil.ground.progress import Progress
from kancil.ground.words import render

from .door import Door


def check_workspace(door: Door, progress: Progress) -> list[Trouble]:
    """Read every live exhibit's bytes again; gives what is not as recorded."""
    total = sum(int(content["size_bytes"]) for _, content in door.roll.live_contents())
    progress.start(total, "bytes", "progress.check")
    troubles = list(check_contents(door.roll, door.vault, lambda c: progress.advance(len(c))))
    progress.finish()
    return troubles


def troubles_as_dicts(troubles: Sequence[Trouble]) -> list[dict[str, Any]]:
    """Give troubles for JSON."""
    return [
        {
            "code": trouble.error.code,
            "exhibit": trouble.exhibit,
            "path": trouble.path,
            "sentence": _sentence(trouble),
        }
        for trouble in troubles
    ]


def show_troubles(door: Door, troubles: Sequence[Trouble]) -> None:
    """Say each trouble in a line."""
    for trouble in troubles:
        door.screen.say(f"  {trouble.exhibit}: {_sentence(trouble)}")


def _sentence(trouble: Trouble) -> str:
    return render(f"error.{trouble.error.code}.sentence", **trouble.error.params)
