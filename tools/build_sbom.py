"""Write the list of what Kancil runs on, as CycloneDX 1.6 JSON, from the lock and without network.

`make sbom` writes `dist/kancil-VERSION.cdx.json` beside what is released. Names, versions and
digests are those of `requirements/run.txt`; licences are what each package installed here states.
The same lock gives the same bytes. Source: CycloneDX 1.6 (ECMA-424), JSON form.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

from tools.tree import ROOT

_PIN = re.compile(r"^([a-z0-9.-]+)(?:\[[^\]]*\])?==([^\s;]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562: of addresses
_LICENCE = "License :: OSI Approved :: "


def bill(lock: Path, version: str) -> dict[str, Any]:
    """The bill of materials of one lock."""
    text = lock.read_text(encoding="utf-8")
    serial = uuid.uuid5(_NAMESPACE, f"kancil {version}\n{text}")
    components = [_component(*each) for each in _pins(text)]
    root = f"pkg:pypi/kancil@{version}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "kancil",
                "version": version,
                "purl": root,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": root, "dependsOn": [each["bom-ref"] for each in components]}],
    }


def _pins(text: str) -> list[tuple[str, str, list[str]]]:
    """Name, version and SHA-256 digests of the files of each pin."""
    found: list[tuple[str, str, list[str]]] = []
    for line in text.splitlines():
        if pin := _PIN.match(line):
            found.append((pin[1], pin[2], []))
        elif digest := _HASH.search(line):
            found[-1][2].append(digest[1])
    return found


def _component(name: str, version: str, digests: list[str]) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "licenses": [{"license": {"name": each}} for each in _licences(name)],
        "externalReferences": [
            {
                "type": "distribution",
                "url": purl,
                "hashes": [{"alg": "SHA-256", "content": each} for each in digests],
            }
        ],
    }


def _licences(name: str) -> list[str]:
    """What a package states of its licence; `not stated` where it does not, or is not installed."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ["not stated"]
    if expression := said.get_all("License-Expression"):
        return list(expression)
    classified = [
        each for each in said.get_all("Classifier") or [] if each.startswith("License ::")
    ]
    if classified:
        return [each.removeprefix(_LICENCE) for each in classified]
    first = "\n".join(said.get_all("License") or []).strip().splitlines()
    return [first[0][:80]] if first else ["not stated"]


def main() -> None:
    """Write the file, and say where it is."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = str(project.get("version") or metadata.version("kancil"))
    out = ROOT / "dist" / f"kancil-{version}.cdx.json"
    out.parent.mkdir(exist_ok=True)
    made = bill(ROOT / "requirements" / "run.txt", version)
    out.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(f"{out.relative_to(ROOT)}: {len(made['components'])} packages\n")


if __name__ == "__main__":
    main()
