"""Joins the parts of verify.html into one page that needs nothing else: the page a judge opens.

The parts lie beside this file: `page.html`, `style.css`, the modules of `script/`, and the code of
others in `vendor/`, pinned by digest in `vendor.toml`. Constants of the networks come from
`kancil.bitcoin.network`, so that page and program pin the same blocks; its sentences from `words/`,
in each language that has nearly all of them. The modules are joined as
they are, each in a function of its own, in the order of their imports; nothing is shortened, so
that an expert reads in the page what stands here. The page allows itself no network, no markup
made from data, and only the one script and the one style whose digests stand in its policy.

The same parts give the same bytes on every machine. `python -m
kancil.reports.casework.bundle.page.build` writes `verify.html` and `verify.html.sha256`; a test
compares them with a fresh build.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from kancil.bitcoin.network import (
    NETWORKS,
    RETARGET_INTERVAL,
    TARGET_SPACING_SECONDS,
    TARGET_TIMESPAN_SECONDS,
)
from kancil.ground.offered import LEAST_PERCENT, SOURCE
from kancil.reports.casework.bundle.manifest import FORMAT_NAME, FORMAT_NUMBER, TRACES_NUMBER

from .published import LIST, published, published_before

FOLDER = Path(__file__).parent
PAGE = FOLDER / "verify.html"
DIGEST = FOLDER / "verify.html.sha256"
ENTRANCE = "script/main.js"
CONSTANTS = "script/networks.js"
"""Not a file: written by `networks_module`."""
PUBLISHED = "script/published.js"
"""Not a file: written by `published_module`."""
CATALOGUE = "script/catalogue.js"
"""Not a file: written by `catalogue_module`."""
WORDS = "words"
"""Folder of the page's sentences: `en.json`, and a language's own as `<tag>.json` beside it."""
Reader = Callable[[str], str]
Words = dict[str, str | dict[str, str]]
"""A sentence by its key, or one for each plural form (`one`, `other`, …) of the language."""

_NAMED = re.compile(r'^import \{([^}]*)\} from ["\']([^"\']+)["\'];$', re.MULTILINE)
_WHOLE = re.compile(r'^import \* as (\w+) from ["\']([^"\']+)["\'];$', re.MULTILINE)
_NODE = re.compile(r"^import (\w+) from 'crypto';$", re.MULTILINE)
_EXPORT_LIST = re.compile(r"^export \{([^}]*)\};$", re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const|let) (\w+))", re.MULTILINE)
_GAP = re.compile(r"\{([a-z]+)\}")
_LEFT_OVER = re.compile(r"^(?:import|export)\b", re.MULTILINE)

# Names by which the vendored files call each other in their own packages.
_VENDORED = {
    "./_sha2.js": "vendor/noble-hashes-sha2.js",
    "./_u64.js": "vendor/noble-hashes-u64.js",
    "./utils.js": "vendor/noble-hashes-utils.js",
    "@noble/hashes/crypto": "vendor/noble-hashes-cryptoBrowser.js",
}

_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; img-src data:; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


def build_page() -> bytes:
    """The bytes of verify.html, made from the parts beside this file."""
    check_vendored()
    return fill_page(read_part("page.html"), join_modules(), read_part("style.css"))


def fill_page(page: str, script: str, style: str) -> bytes:
    """A page with its one script and one style, and the policy that allows no other."""
    if "</script" in script or "<!--" in script or "</style" in style:
        raise AssertionError("a part would end its own element")
    policy = _POLICY.format(script=_source_digest(script), style=_source_digest(style))
    for name, part in (("policy", policy), ("style", style), ("script", script)):
        before, mark, after = page.partition("{{" + name + "}}")
        if not mark:
            raise AssertionError(name)
        page = before + part + after
    return page.encode("utf-8")


def check_vendored() -> None:
    """Refuse to build when a vendored file is not the one that `vendor.toml` pins."""
    pinned: dict[str, str] = {}
    for package in tomllib.loads(read_part("vendor.toml"))["package"]:
        pinned |= {name: file["sha256"] for name, file in package["files"].items()}
    held = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (FOLDER / "vendor").iterdir()
    }
    if held != pinned:
        raise AssertionError(sorted(set(held.items()) ^ set(pinned.items())))


def join_modules(entrance: str = ENTRANCE, read: Reader | None = None) -> str:
    """One script that holds every module reached from the entrance, imports first.

    `read`: the text of a module by its place, where another page has modules of its own.
    """
    read = read or read_part
    order: list[str] = []
    _visit(entrance, order, [], read)
    names = {module: f"$module{number}" for number, module in enumerate(order, 1)}
    modules = [_wrap(module, names, read(module)) for module in order]
    return '"use strict";\n(() => {\n' + "\n".join(modules) + "\n})();\n"


def networks_module() -> str:
    """The module of constants: how addresses are written, easiest target, pinned blocks."""
    networks = {
        network.name: {
            "pubkeyVersion": network.pubkey_version,
            "scriptVersion": network.script_version,
            "prefix": network.bech32_prefix,
            "limit": f"{network.pow_limit:x}",
            "limitBits": network.pow_limit_bits,
            "allowsEasiest": network.allows_min_difficulty,
            "neverRetargets": network.never_retargets,
            "retargetsFromFirst": network.retargets_from_first,
            "pinned": {point.block_hash[::-1].hex(): point.height for point in network.checkpoints},
        }
        for network in NETWORKS.values()
    }
    return (
        "/* The networks, as src/kancil/bitcoin/network.py has them; the sources stand there. */\n"
        f"export const INTERVAL = {RETARGET_INTERVAL};\n"
        f"export const TIMESPAN = {TARGET_TIMESPAN_SECONDS};\n"
        f"export const SPACING = {TARGET_SPACING_SECONDS};\n"
        f"const HELD = {json.dumps(networks, indent=2)};\n"
        "export const NETWORKS = Object.create(null);\n"
        "for (const [name, network] of Object.entries(HELD))\n"
        "  NETWORKS[name] = { ...network, limit: BigInt(`0x${network.limit}`) };\n"
    )


def published_module() -> str:
    """The module of digests of the pages that were published for format 1 alone."""
    older = sorted(published_before(TRACES_NUMBER))
    return (
        "/* SHA-256 of every verify.html published for format 1: page/published.txt. */\n"
        f"export const PUBLISHED_BEFORE = new Set({json.dumps(older, indent=2)});\n"
    )


def read_words(folder: Path) -> dict[str, Words]:
    """The sentences by language, English first; only languages that have nearly all of them.

    Refuses a sentence of no key that English has, and one with other parameters than in English.
    """
    english: Words = json.loads((folder / f"{SOURCE}.json").read_bytes())
    found = {SOURCE: english}
    for path in sorted(folder.glob("*.json")):
        words: Words = json.loads(path.read_bytes())
        for key, sentence in words.items():
            if key not in english or _gaps(sentence) != _gaps(english[key]):
                raise AssertionError((path.name, key))
        if len(words) * 100 >= len(english) * LEAST_PERCENT:
            found[path.stem] = words
    return found


def _gaps(sentence: str | dict[str, str]) -> set[str]:
    """The parameters of a sentence; of several forms, those that any of them has."""
    forms = [sentence] if isinstance(sentence, str) else list(sentence.values())
    return {name for form in forms for name in _GAP.findall(form)}


def catalogue_module() -> str:
    """The module of the page's sentences in each language that is offered."""
    words = json.dumps(read_words(FOLDER / WORDS), indent=1, ensure_ascii=False)
    return f"/* The sentences of this page: page/words/. */\nexport const WORDS = {words};\n"


def read_part(name: str) -> str:
    """A part of the page by its place in this folder; those that are no files are made."""
    if name == CATALOGUE:
        return catalogue_module()
    if name == PUBLISHED:
        return published_module()
    if name == CONSTANTS:
        return networks_module()
    return (FOLDER / name).read_text(encoding="utf-8")


def _source_digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _resolve(module: str, target: str) -> str:
    """The path in this folder of what a module imports."""
    if module.startswith("vendor/"):
        return _VENDORED[target]
    folder = (FOLDER / module).parent
    return (folder / target).resolve().relative_to(FOLDER.resolve()).as_posix()


def _visit(module: str, order: list[str], above: list[str], read: Reader) -> None:
    if module in above:
        raise AssertionError([*above, module])
    if module in order:
        return
    text = read(module)
    for pattern in (_NAMED, _WHOLE):
        for _, target in pattern.findall(text):
            _visit(_resolve(module, target), order, [*above, module], read)
    order.append(module)


def _wrap(module: str, names: dict[str, str], text: str) -> str:
    """A module as a function that runs once and gives what the module exports."""
    exported: list[str] = []

    def named(found: re.Match[str]) -> str:
        parts = (part.strip().replace(" as ", ": ") for part in found[1].split(","))
        wanted = ", ".join(part for part in parts if part)
        return f"const {{ {wanted} }} = {names[_resolve(module, found[2])]};"

    def listed(found: re.Match[str]) -> str:
        exported.extend(part.strip() for part in found[1].split(",") if part.strip())
        return ""

    def declared(found: re.Match[str]) -> str:
        exported.append(found[2])
        return found[1]

    text = _NAMED.sub(named, text)
    text = _WHOLE.sub(
        lambda found: f"const {found[1]} = {names[_resolve(module, found[2])]};", text
    )
    text = _NODE.sub(r"const \1 = undefined;", text)
    text = _EXPORT_LIST.sub(listed, text)
    text = _EXPORT.sub(declared, text)
    if _LEFT_OVER.search(text):
        raise AssertionError(module)
    given = ", ".join(exported)
    licence = _licence(module)
    return (
        f"/* ---- {module} ---- */\n{licence}const {names[module]} = (() => {{\n"
        f"{text.rstrip()}\nreturn Object.freeze({{ {given} }});\n}})();\n"
    )


def _licence(module: str) -> str:
    """The licence of a vendored module as a comment, as it must go with every copy."""
    if not module.startswith("vendor/"):
        return ""
    package = "ed25519" if "ed25519" in module else "hashes"
    text = read_part(f"vendor/LICENSE-noble-{package}.txt").strip()
    return f"/* @noble/{package}, https://paulmillr.com/noble/\n{text}\n*/\n"


def write_page() -> str:
    """Write verify.html and its digest beside this file, and publish the digest; gives it."""
    page = build_page()
    digest = hashlib.sha256(page).hexdigest()
    PAGE.write_bytes(page)
    DIGEST.write_text(f"{digest}  {PAGE.name}\n", encoding="ascii")
    if digest not in published():
        with LIST.open("a", encoding="ascii") as file:
            file.write(f"{digest} {FORMAT_NAME}/{FORMAT_NUMBER}\n")
        published.cache_clear()
    return digest


if __name__ == "__main__":
    write_page()
