"""An image opened from its files: which container it is, and its bytes as The Sleuth Kit wants."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import pytsk3

from kancil.evidence.errors import ImageNotReadable
from kancil.ground.phrase import Phrase

from .container import HEAD_BYTES, TAIL_BYTES, OpenImage
from .containers import CONTAINERS, NO_READER

_WHY = {
    "encrypted": "encrypted",
    "backing file": "parent",
    "parent": "parent",
    "segment": "segment",
}
"""Reasons of our own; whatever else a library says becomes *cut or damaged*."""


def open_image(paths: Sequence[Path], stack: ExitStack) -> OpenImage:
    """Open the files of one image, in their order, until `stack` closes.

    Raises ImageNotReadable.
    """
    files: list[BinaryIO] = [stack.enter_context(path.open("rb")) for path in paths]
    head, tail = _ends(files[0])
    for signature, kind in NO_READER:
        if head.startswith(signature):
            why = Phrase("why.image-no-reader", {"container": kind})
            raise ImageNotReadable(path=paths[0].name, why=why)
    container = next(each for each in CONTAINERS if each.recognises(head, tail))
    try:
        return container.open(files)
    except (OSError, ValueError) as error:
        name = Phrase(f"name.container-{container.name}")
        why = Phrase(f"why.image-{_WHY.get(str(error), 'damaged')}", {"container": name})
        raise ImageNotReadable(path=paths[0].name, why=why) from error


def _ends(file: BinaryIO) -> tuple[bytes, bytes]:
    head = file.read(HEAD_BYTES)
    file.seek(max(0, file.seek(0, io.SEEK_END) - TAIL_BYTES))
    tail = file.read()
    file.seek(0)
    return head, tail


def tsk_image(image: OpenImage) -> pytsk3.Img_Info:
    """The image for The Sleuth Kit, which reads a raw file itself."""
    return pytsk3.Img_Info(str(image.path)) if image.path is not None else _External(image)


class _External(pytsk3.Img_Info):  # type: ignore[misc]
    """An image whose bytes another library gives."""

    def __init__(self, image: OpenImage) -> None:
        self._image = image
        super().__init__(url="", type=pytsk3.TSK_IMG_TYPE_EXTERNAL)

    def close(self) -> None:
        """The files are closed by whoever opened them."""

    def read(self, offset: int, size: int) -> bytes:
        return self._image.read(offset, size)

    def get_size(self) -> int:
        return self._image.size_bytes
