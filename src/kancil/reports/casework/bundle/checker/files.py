"""Steps 1 and 2 of checking a bundle: the ZIP, the manifest, its signature, every digest."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from kancil.ground import canonical, signing
from kancil.ground.clock import from_text
from kancil.ground.errors import NotCanonical, TimeNotReadable
from kancil.ground.ids import is_id
from kancil.ground.workspace import Site
from kancil.reports.casework.bundle.archive import read_archive
from kancil.reports.casework.bundle.manifest import (
    FORMAT_NAME,
    FORMAT_NUMBER,
    KEYS_OF,
    MADE_ENTRY,
    MANIFEST,
    OUTSIDE,
    SIGNATURE,
    SITE,
    UNDECLARED_NUMBER,
    analysis_digest,
    format_of,
    list_files,
)
from kancil.reports.casework.bundle.remark import Remark
from kancil.reports.casework.bundle.seal import CHECKPOINT

from .verdict import BundleVerdict
from .zipped_again import is_whole_zip, read_any_zip

KEYS_LIST = "custody/keys.json"
_FORMAT_TEXT = re.compile(rf"{FORMAT_NAME}/([1-9][0-9]{{0,8}})")
_SIGNATURE_BYTES = 89
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DIGESTS = ("analysis_sha256", "checkpoint_sha256", MADE_ENTRY)


def check_bytes(data: bytes, verdict: BundleVerdict, expected_key: str | None) -> dict[str, bytes]:
    """Check the file and its manifest; gives the members, as far as they could be told apart."""
    step = verdict.steps["bytes"]
    archive = read_archive(data)
    members = archive.members
    step.problems.extend(archive.problems)
    if step.problems and (inner := _signed_files(data, expected_key)) is not None:
        step.problems.insert(0, Remark("zipped-again"))
        is_same = not inner.steps["bytes"].problems and not inner.key_differs
        verdict.is_only_zipped_again = is_same and is_whole_zip(data)
    manifest = _read_manifest(members, verdict)
    if verdict.is_too_new:
        return members
    if manifest is not None:
        verdict.manifest = manifest
        verdict.is_training = SITE in manifest
        _check_files(manifest, members, verdict)
        _check_signature(manifest, members, verdict, expected_key)
    step.close()
    if not step.problems and manifest is not None:
        step.said.append(Remark("bytes-unchanged", "", {"count": len(manifest["files"])}))
    return members


def _signed_files(data: bytes, expected_key: str | None) -> BundleVerdict | None:
    """What is said of the files, where each signed one is as it was, in a ZIP of another form."""
    members = read_any_zip(data)
    if members is None:
        return None
    inner = BundleVerdict("", len(data))
    manifest = _read_manifest(members, inner)
    if manifest is None:
        return None
    _check_files(manifest, members, inner)
    _check_signature(manifest, members, inner, expected_key)
    # What was put beside them, as some tools do, does not change what was signed.
    is_signed = all(one.code == "member-not-listed" for one in inner.steps["bytes"].problems)
    return inner if is_signed else None


def _read_manifest(members: Mapping[str, bytes], verdict: BundleVerdict) -> dict[str, Any] | None:
    step = verdict.steps["bytes"]
    if MANIFEST not in members:
        step.problems.append(Remark("manifest-missing", MANIFEST))
        return None
    try:
        manifest = canonical.loads(members[MANIFEST])
    except NotCanonical:
        step.problems.append(Remark("manifest-form", MANIFEST))
        return None
    if not isinstance(manifest, dict):
        step.problems.append(Remark("manifest-form", MANIFEST))
        return None
    number = _FORMAT_TEXT.fullmatch(str(manifest.get("format")))
    verdict.format_number = 0 if number is None else int(number[1])
    if verdict.format_number > FORMAT_NUMBER:
        # The ZIP has one form in every format, so one of another form is changed, not newer.
        verdict.is_too_new = not step.problems
        params: dict[str, str | int] = {"found": verdict.format_number, "known": FORMAT_NUMBER}
        step.not_checked.append(Remark("too-new", MANIFEST, params))
        return None
    if (
        not _has_form(manifest, verdict.format_number)
        or canonical.dumps(manifest) != members[MANIFEST]
    ):
        step.problems.append(Remark("manifest-form", MANIFEST))
        return None
    return manifest


def _has_form(manifest: dict[str, Any], number: int) -> bool:
    if number not in KEYS_OF or frozenset(manifest) - {SITE} != KEYS_OF[number]:
        return False
    if manifest.get(SITE, Site.CLASSROOM) != Site.CLASSROOM:
        return False
    texts = [name for name in manifest if name != "files"]
    if not all(isinstance(manifest[name], str) for name in texts):
        return False
    try:
        from_text(manifest["made_at"])
    except TimeNotReadable:
        return False
    files = manifest["files"]
    return (
        all(is_id(manifest[name]) for name in ("case", "officer", "unit"))
        and all(_DIGEST.fullmatch(manifest[name]) for name in _DIGESTS if name in manifest)
        and isinstance(files, list)
        and all(isinstance(f, dict) and set(f) == {"path", "sha256", "size_bytes"} for f in files)
        and all(isinstance(cell, str) for file in files for cell in file.values())
    )


def _check_files(
    manifest: dict[str, Any], members: Mapping[str, bytes], verdict: BundleVerdict
) -> None:
    """Compare the list with the members, one by one, in the order of the ZIP."""
    problems = verdict.steps["bytes"].problems
    found = {file["path"]: file for file in list_files(members)}
    stated = {file["path"]: file for file in manifest["files"]}
    if list(stated) != sorted(stated) or len(stated) != len(manifest["files"]):
        problems.append(Remark("manifest-order", MANIFEST))
    for path in sorted(set(found) | set(stated)):
        if path not in stated:
            problems.append(Remark("member-not-listed", path))
        elif path not in found:
            problems.append(Remark("member-missing", path))
        elif found[path] != stated[path]:
            problems.append(Remark("member-changed", path))
    if OUTSIDE & set(stated):
        problems.append(Remark("manifest-lists-itself", MANIFEST))
    is_first = manifest["format"] == f"{FORMAT_NAME}/{UNDECLARED_NUMBER}"
    if not is_first and manifest["format"] != format_of(members):
        problems.append(Remark("format-of-members", MANIFEST))
    if manifest["analysis_sha256"] != analysis_digest(manifest["files"]):
        problems.append(Remark("analysis-digest", MANIFEST))
    checkpoint = members.get(CHECKPOINT, b"")
    if manifest["checkpoint_sha256"] != hashlib.sha256(checkpoint).hexdigest():
        problems.append(Remark("checkpoint-digest", MANIFEST))


def _check_signature(
    manifest: dict[str, Any],
    members: Mapping[str, bytes],
    verdict: BundleVerdict,
    expected_key: str | None,
) -> None:
    problems, signer = verdict.steps["bytes"].problems, verdict.steps["signer"]
    public = _public_key(members, manifest["key"])
    signature = _read_signature(members.get(SIGNATURE))
    if public is None:
        problems.append(Remark("key-not-in-bundle", KEYS_LIST, {"key": manifest["key"]}))
    elif signature is None or not signing.verify(public, signature, members[MANIFEST]):
        verdict.signature_wrong = True
        problems.append(Remark("signature", SIGNATURE, {"key": manifest["key"]}))
    else:
        signer.said.append(Remark("signed-by", "", {"key": manifest["key"]}))
    if expected_key is None:
        signer.not_checked.append(Remark("key-not-compared", "", {"key": manifest["key"]}))
    elif expected_key.strip() != manifest["key"]:
        verdict.key_differs = True
        params: dict[str, str | int] = {"key": manifest["key"], "expected": expected_key.strip()}
        signer.problems.append(Remark("key-differs", "", params))
        signer.close()
    else:
        signer.said.append(Remark("key-same", "", {"key": manifest["key"]}))
        signer.close()


def _read_signature(data: bytes | None) -> bytes | None:
    if data is None or len(data) != _SIGNATURE_BYTES or data[-1:] != b"\n":
        return None
    try:
        signature = base64.b64decode(data[:-1], validate=True)
    except binascii.Error:
        return None
    return signature if base64.b64encode(signature) == data[:-1] else None


def read_keys(members: Mapping[str, bytes]) -> list[dict[str, Any]] | None:
    """Read keys.json: each with a fingerprint that is its key's own; None if it is not so."""
    try:
        keys = canonical.loads_canonical(members.get(KEYS_LIST, b""))
    except NotCanonical:
        return None
    if not isinstance(keys, list):
        return None
    for key in keys:
        names = {"fingerprint", "name", "officer", "public_key"}
        if not isinstance(key, dict) or set(key) != names:
            return None
        raw = _raw_key(key["public_key"])
        if raw is None or signing.fingerprint(raw) != key["fingerprint"]:
            return None
        if not isinstance(key["name"], str) or not isinstance(key["officer"], str | None):
            return None
    return keys


def _raw_key(text: object) -> bytes | None:
    if not isinstance(text, str):
        return None
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == 32 and base64.b64encode(raw).decode() == text else None


def _public_key(members: Mapping[str, bytes], fingerprint: str) -> bytes | None:
    for key in read_keys(members) or []:
        if key["fingerprint"] == fingerprint:
            return _raw_key(key["public_key"])
    return None
