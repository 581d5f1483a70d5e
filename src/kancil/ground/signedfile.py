"""Signed files: what a person carries from one installation to another.

One line of canonical JSON, `{"signature":…,"statement":…}`, as a ledger entry is
(docs/formats/ledger.md); the statement names its `format` and the signing `public_key`.
The signature says that the holder of that key wrote it. Whose key it is, it cannot say.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from . import canonical
from .errors import MadeInClassroom, NotInClassroom, SignatureWrong
from .signing import Signer, verify
from .workspace import Site

PUBLIC_KEY_FORMAT = "kancil-public-key/1"
"""Format of the file by which a person gives their public key to another installation."""
SITE = "site"
"""Member of a statement that a classroom signed; its value is `classroom`."""
_PREFIX = b'{"signature":"'
_MIDDLE = b'","statement":'
_STATEMENT_AT = len(_PREFIX) + 88 + len(_MIDDLE)


def write_signed(statement: dict[str, Any], signer: Signer) -> bytes:
    """The line of a statement signed by `signer`; adds the key, ends with a line end."""
    public_key = base64.b64encode(signer.public_raw).decode("ascii")
    body = canonical.dumps({**statement, "public_key": public_key})
    signature = base64.b64encode(signer.sign(body))
    return _PREFIX + signature + _MIDDLE + body + b"}\n"


def site_mark(site: Site) -> dict[str, str]:
    """What a statement signed at a site has besides: in a classroom, that it is one."""
    return {SITE: site.value} if site.is_training else {}


def require_same_kind(*, is_training: bool, at: Site, name: str) -> None:
    """Keep exercises and real work apart: a file is read where it was made, in this sense.

    `is_training`: whether a classroom signed it; `name` names it in the sentence. Raises
    MadeInClassroom, NotInClassroom.
    """
    if is_training and not at.is_training:
        raise MadeInClassroom(name=name)
    if at.is_training and not is_training:
        raise NotInClassroom(name=name)


def read_signed(data: bytes, *, format_name: str, path: str) -> dict[str, Any]:
    """Read and check a signed line; gives the statement.

    Raises SignatureWrong (`path` names the file in the sentence) for any deviation: other
    format, not canonical, key not given, signature that does not fit.
    """
    line = data.removesuffix(b"\n")
    if not line.startswith(_PREFIX) or line[-1:] != b"}" or len(line) <= _STATEMENT_AT:
        raise SignatureWrong(path=path)
    body = line[_STATEMENT_AT:-1]
    statement = canonical.loads_canonical(body)
    try:
        signature = base64.b64decode(line[len(_PREFIX) : len(_PREFIX) + 88], validate=True)
        public_raw = base64.b64decode(statement["public_key"], validate=True)
    except (binascii.Error, KeyError, TypeError, ValueError) as error:
        raise SignatureWrong(path=path) from error
    if base64.b64encode(signature) != line[len(_PREFIX) : len(_PREFIX) + 88]:
        raise SignatureWrong(path=path)  # the same bytes, written in another way
    if statement.get("format") != format_name or not verify(public_raw, signature, body):
        raise SignatureWrong(path=path)
    if canonical.dumps({"signature": line[14:102].decode("ascii"), "statement": statement}) != line:
        raise SignatureWrong(path=path)
    return dict(statement)
