"""The commands of certificates, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

CERTIFICATE_COMMANDS: dict[str, Target] = {
    "certificate verify": Target(
        "training.certificates",
        "verify",
        "Check a certificate without a network: who signed it, unchanged, revoked.",
        "kancil certificate verify dala.credential.json --key SHA256:… --list 4.kancil-revocations",
    ),
}

CERTIFICATE_GROUPS = {"certificate": "Certificates of courses, and the list of revoked ones."}
