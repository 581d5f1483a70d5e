"""Build the words for people: all `.po` files of a language into its `kancil.mo`.

English stands in `src/kancil/ground/locale/en/`, and beside the members of a promise, such as
`fifo.po`; other languages stand in `languages/<tag>/`, where translators work. All go to
`src/kancil/ground/locale/<tag>/LC_MESSAGES/kancil.mo`, which is built when Kancil is installed and
is not committed: Kancil runs without gettext and without Babel. So is `coverage.json`, the count of
what a language has. The same words give the same bytes on every machine: the header holds no date
and no tool version.

A translation that is marked `#, fuzzy` is stale: its English sentence has changed. It is left out
and not counted, so that its readers see the new sentence in English.

    python -m tools.build_words
"""

from __future__ import annotations

import io
import json
import os
import string
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kancil.ground.offered import COVERAGE
from tools.tree import ROOT, shown

LOCALES = ROOT / "src" / "kancil" / "ground" / "locale"
ENGLISH = LOCALES / "en"
TRANSLATIONS = ROOT / "languages"
PACKAGE = ROOT / "src" / "kancil"
DOMAIN = "kancil"


class _Words(Catalog):
    """A catalogue whose header is the same every time."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", DOMAIN),
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def languages() -> list[Path]:
    """List the folders of languages that have words, English first; each bears its tag."""
    return [ENGLISH, *sorted({path.parent for path in TRANSLATIONS.glob("*/*.po")})]


def read_room(path: Path) -> tuple[dict[str, str], list[str]]:
    """Read one room's words; give its sentences by key, and what is wrong with them."""
    faults: list[str] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    named = Counter(line[7:-1] for line in lines if line.startswith('msgid "') and line[7:-1])
    faults += [f"{shown(path)}: {key} stands there twice" for key, n in named.items() if n > 1]
    with path.open("rb") as stream:
        catalogue = read_po(stream, abort_invalid=True)
    sentences: dict[str, str] = {}
    for message in catalogue:
        if not message.id:
            continue
        key, sentence = str(message.id), str(message.string)
        if message.fuzzy and TRANSLATIONS in path.parents:
            continue
        if message.fuzzy or not sentence.strip():
            faults.append(f"{shown(path)}: {key} has no finished sentence")
        faults += [f"{shown(path)}: {key}: {why}" for why in faults_of(sentence)]
        sentences[key] = sentence
    return sentences, faults


def faults_of(sentence: str) -> list[str]:
    """What would keep a sentence from being filled in with named parameters."""
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
    except ValueError as fault:
        return [str(fault)]
    return [f"{{{name}}} is not a plain name" for name in fields if not name.isidentifier()]


def parameters_of(sentence: str) -> set[str]:
    """Name the parameters of a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def beside_members() -> list[Path]:
    """The English words that stand beside members."""
    return [path for path in PACKAGE.rglob("*.po") if LOCALES not in path.parents]


def gather(language: Path) -> tuple[dict[str, str], list[str]]:
    """Merge the rooms of one language; a key that two rooms claim is a fault."""
    together: dict[str, str] = {}
    owner: dict[str, Path] = {}
    faults: list[str] = []
    beside = beside_members() if language == ENGLISH else []
    for path in sorted([*language.glob("*.po"), *beside]):
        sentences, wrong = read_room(path)
        faults += wrong
        for key, sentence in sentences.items():
            if key in owner:
                faults.append(f"{key} stands in {shown(owner[key])} and in {shown(path)}")
            owner[key] = path
            together[key] = sentence
    return together, faults


def room_of(path: Path) -> str:
    """The name of a room of words: its stem; beside a member, with the folder it stands in."""
    return path.stem if LOCALES in path.parents else f"{path.parent.name}/{path.stem}"


def english_rooms() -> dict[str, set[str]]:
    """The keys of each room of words, as English has them."""
    paths = sorted([*ENGLISH.glob("*.po"), *beside_members()])
    return {room_of(path): set(read_room(path)[0]) for path in paths}


def count(have: Mapping[str, str], rooms: Mapping[str, set[str]]) -> bytes:
    """How many sentences of each room a language has: the bytes of its `coverage.json`."""
    counted = {room: [len(keys & have.keys()), len(keys)] for room, keys in rooms.items()}
    return (json.dumps(counted, indent=0, sort_keys=True) + "\n").encode("ascii")


def build(language: str, sentences: Mapping[str, str]) -> bytes:
    """The bytes of one language's `kancil.mo`."""
    catalogue = _Words(locale=language, domain=DOMAIN, charset="utf-8")
    for key, sentence in sorted(sentences.items()):
        catalogue.add(key, sentence)
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def write(target: Path, data: bytes) -> None:
    """Write a file that was built, where it is not what it was."""
    if target.is_file() and target.read_bytes() == data:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(f".{os.getpid()}")  # whoever reads meanwhile reads a whole file
    beside.write_bytes(data)
    beside.replace(target)
    print(f"written: {shown(target)}")


def main() -> int:
    """Build every language; the exit status says whether its words are without fault."""
    wrong: list[str] = []
    rooms = english_rooms()
    for language in languages():
        sentences, faults = gather(language)
        wrong += faults
        if not faults:
            built = LOCALES / language.name / "LC_MESSAGES"
            write(built / f"{DOMAIN}.mo", build(language.name, sentences))
            write(built / COVERAGE, count(sentences, rooms))
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
