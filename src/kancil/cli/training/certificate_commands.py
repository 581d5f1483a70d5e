"""The commands of certificates, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

CERTIFICATE_COMMANDS: dict[str, Target] = {
    "certificate issue": Target(
        "training.issuing",
        "issue",
        "Issue certificates to a class: to everybody whose work was marked and released.",
        "kancil certificate issue 'Tracing in March' --hours 30 -o certificates",
    ),
    "certificate verify": Target(
        "training.certificates",
        "verify",
        "Check a certificate without a network: who signed it, unchanged, revoked.",
        "kancil certificate verify dala.credential.json --key SHA256:… --list 4.kancil-revocations",
    ),
    "certificate revoke": Target(
        "training.issuing",
        "revoke",
        "Revoke a certificate, and write the next list of revoked ones.",
        "kancil certificate revoke ID --reason mistake -o 4.kancil-revocations",
    ),
    "certificate revocations": Target(
        "training.issuing",
        "revocations",
        "Write a list of revoked certificates as of now.",
        "kancil certificate revocations -o 5.kancil-revocations",
    ),
    "certificate list": Target(
        "training.issuing",
        "list_certificates",
        "List the certificates that were issued, revoked ones too.",
        "kancil certificate list",
    ),
}

CERTIFICATE_GROUPS = {"certificate": "Certificates of courses, and the list of revoked ones."}
