"""The code and the fonts of others are what they were published as, with their licences beside."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.house.survey import PACKAGE
from tools.tree import ROOT, project_files

STATIC = PACKAGE / "web" / "static"
LIST = PACKAGE / "web" / "vendor.toml"
PACKAGES: list[dict[str, Any]] = tomllib.loads(LIST.read_text(encoding="utf-8"))["package"]
FILES = [(package, name) for package in PACKAGES for name in package["files"]]
LICENCES = {"0BSD", "MIT", "OFL-1.1"}
AUDITED = PACKAGE / "reports" / "casework" / "bundle" / "page" / "vendor"
ORIGIN = re.compile(r"(?:npm|Debian) package \S+ \S+")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_every_file_of_others_stands_in_the_list_and_nothing_else_does() -> None:
    there = {
        path.relative_to(STATIC).as_posix()
        for path in project_files()
        if path.is_relative_to(STATIC / "vendor") or path.is_relative_to(STATIC / "fonts")
    }
    assert there == {name for _, name in FILES}


@pytest.mark.parametrize(("package", "name"), FILES, ids=[name for _, name in FILES])
def test_a_file_of_others_has_the_size_and_digest_that_are_listed(
    package: dict[str, Any], name: str
) -> None:
    content = (STATIC / name).read_bytes()
    listed = package["files"][name]
    assert len(content) == listed["size"]
    assert sha256(content) == listed["sha256"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_a_package_of_others_says_what_it_is_and_holds_its_licence(package: dict[str, Any]) -> None:
    assert package["licence"] in LICENCES
    assert package["licence_file"] in package["files"]
    text = (STATIC / package["licence_file"]).read_text(encoding="utf-8")
    assert "copyright" in text.lower() or package["licence"] == "0BSD"
    assert ORIGIN.fullmatch(package["origin"])
    assert package["version"] in package["origin"]
    assert package["use"]


def test_a_changed_file_is_the_published_one_but_for_the_change_that_is_named() -> None:
    changed = [(name, package["files"][name]) for package, name in FILES]
    changed = [(name, listed) for name, listed in changed if "changed" in listed]
    assert changed
    for name, listed in changed:
        content = (STATIC / name).read_text(encoding="utf-8")
        change = listed["changed"]
        assert content.count(change["to"]) == 1
        published = content.replace(change["to"], change["from"]).encode()
        assert sha256(published) == change["published_sha256"]


@pytest.mark.parametrize("name", ["sha256", "sha2", "cryptoBrowser"])
def test_the_hash_in_the_worker_is_the_one_of_the_page_that_strangers_use(name: str) -> None:
    ours = STATIC / "vendor" / "noble-hashes" / f"{'_sha2' if name == 'sha2' else name}.js"
    assert ours.read_bytes() == (AUDITED / f"noble-hashes-{name}.js").read_bytes()


def test_the_script_that_looks_for_barriers_is_as_published() -> None:
    folder = ROOT / "tests" / "data" / "vendor"
    script = gzip.decompress((folder / "axe.min.js.gz").read_bytes())
    assert sha256(script) in (folder / "SOURCES.md").read_text(encoding="utf-8")
    assert "Mozilla Public License" in (folder / "LICENSE-axe-core.txt").read_text("utf-8")


def test_no_style_sheet_or_script_of_ours_names_a_place_outside() -> None:
    ours: list[Path] = [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]
    assert ours
    outside = re.compile(r"https?://(?!www\.w3\.org/)|//[a-z0-9-]+\.[a-z]{2,}/", re.IGNORECASE)
    assert not [path.name for path in ours if outside.search(path.read_text(encoding="utf-8"))]
