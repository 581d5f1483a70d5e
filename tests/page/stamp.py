"""A time-stamping authority of our own, by the openssl command, for tests only."""

from __future__ import annotations

import subprocess
from pathlib import Path

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
accuracy = secs:1
[req]
distinguished_name = name
[name]
[ext]
extendedKeyUsage = critical,timeStamping
"""


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def stamp(folder: Path, data: bytes, digest: str = "sha256") -> bytes:
    """An RFC 3161 response over `data`, dated now."""
    config, key, certificate = folder / "conf", folder / "key.pem", folder / "cert.pem"
    config.write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    (folder / "data").write_bytes(data)
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Test authority",
        "-keyout", str(key), "-out", str(certificate), "-config", str(config),
        "-extensions", "ext", "-days", "2")  # fmt: skip
    query, reply = folder / "query.tsq", folder / "reply.tsr"
    run("openssl", "ts", "-query", "-data", str(folder / "data"), f"-{digest}", "-cert",
        "-out", str(query))  # fmt: skip
    run("openssl", "ts", "-reply", "-queryfile", str(query), "-signer", str(certificate),
        "-inkey", str(key), "-config", str(config), "-out", str(reply))  # fmt: skip
    return reply.read_bytes()
