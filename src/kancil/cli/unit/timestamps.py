"""Commands for outside time stamps (RFC 3161), by file exchange: Kancil opens no connection."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kancil.cli.frame.door import Door
from kancil.custody.timestamp import verify_response, write_request
from kancil.custody.unit import attach_timestamp
from kancil.ground.clock import to_text
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import read_file, write_durably
from kancil.ground.phrase import Phrase
from kancil.ground.words import render

from .slips import kept_checkpoint, sign_checkpoint


def request(
    context: typer.Context,
    out: Annotated[Path, typer.Option("-o", "--out", help="The request file to write (.tsq).")],
    size: Annotated[
        int | None, typer.Option(help="Size of an earlier checkpoint; default: a new one.")
    ] = None,
) -> None:
    """Write an RFC 3161 request for a checkpoint, to take to an authority.

    Carry the file to a time stamp authority, with curl on another machine for example, and
    bring its answer back for `kancil timestamp attach`.

        kancil timestamp request -o request.tsq
    """
    door = Door(context)
    door.can_write(out)
    if size is None:
        checkpoint, path = sign_checkpoint(door)
    else:
        checkpoint, path = kept_checkpoint(door, size)
    data = write_request(checkpoint.data)
    door.write(out, data)
    write_durably(path.with_suffix(".tsq"), data)
    value = {
        "id": checkpoint.sha256,
        "size": checkpoint.size,
        "path": str(out),
        "request_sha256": sha256_hex(data),
    }
    door.show(value, render("done.timestamp-request", path=str(out), size=checkpoint.size))


def attach(
    context: typer.Context,
    response: Annotated[Path, typer.Argument(help="The authority's answer (.tsr).")],
    authority: Annotated[
        Path, typer.Option(help="The authority's certificates (PEM), got by a channel you trust.")
    ],
    size: Annotated[
        int | None, typer.Option(help="Size of the checkpoint; default: the newest request's.")
    ] = None,
) -> None:
    """Check an authority's answer and attach it to its checkpoint.

    The answer is checked against the certificates you name; Kancil ships none. What is shown
    is that the checkpoint existed at that time, by that authority's clock.

        kancil timestamp attach answer.tsr --authority authority.pem
    """
    door = Door(context)
    chosen = size if size is not None else _newest_request(door)
    checkpoint, path = kept_checkpoint(door, chosen)
    data = read_file(response)
    request_path = path.with_suffix(".tsq")
    asked = read_file(request_path) if request_path.exists() else None
    stamp = verify_response(
        data, checkpoint.data, read_file(authority), request=asked, path=str(response)
    )
    write_durably(path.with_suffix(".tsr"), data)
    entry = attach_timestamp(
        door.ledger,
        checkpoint_sha256=checkpoint.sha256,
        response_sha256=sha256_hex(data),
        authority_sha256=stamp.authority_sha256,
        time=stamp.time,
        by=door.acting(),
    )
    value = {
        "id": checkpoint.sha256,
        "size": checkpoint.size,
        "time": to_text(stamp.time),
        "authority": stamp.authority,
        "authority_sha256": stamp.authority_sha256,
        "entry": entry.n,
    }
    text = render(
        "done.timestamp-attach",
        size=checkpoint.size,
        time=door.time(stamp.time),
        authority=stamp.authority,
    )
    door.show(value, text)


def _newest_request(door: Door) -> int:
    sizes = [
        int(path.stem)
        for path in door.workspace.checkpoints_dir.glob("*.tsq")
        if path.stem.isdigit()
    ]
    if not sizes:
        raise OptionNotUsable(option="--size", value="", why=Phrase("note.no-request"))
    return max(sizes)
