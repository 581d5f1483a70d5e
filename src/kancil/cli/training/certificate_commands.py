"""The commands of certificates, for the lazy table of all commands."""

from __future__ import annotations

CERTIFICATE_COMMANDS: dict[str, str] = {
    "certificate issue": "training.issuing:issue",
    "certificate verify": "training.certificates:verify",
    "certificate revoke": "training.issuing:revoke",
    "certificate revocations": "training.issuing:revocations",
    "certificate list": "training.issuing:list_certificates",
}

CERTIFICATE_GROUPS = {"certificate": "Certificates of courses, and the list of revoked ones."}
