"""Every word the code asks for exists, every word that exists is asked for, and the build is new.

A key is `family.code` with an optional last part: `error.disk-full.next`, `skip.not-a-block`,
`method.fifo.2`, `finding.payment`, `note.no-basis`, `progress.intake`.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from kancil.ground.errors import KancilError
from kancil.ground.reviewers import RECORD
from tests.house.survey import calls, english, place, python_files, string_constants, tree_of
from tools.build_words import LOCALES, build, gather, languages, parameters_of
from tools.every_error import every_error
from tools.tree import ROOT

FAMILIES = sorted({"error", "finding", "method", "note", "problem", "progress", "skip"})
FAMILIES += ["ask", "done", "name", "slip", "trace"]  # what doors say and print
FAMILIES += ["thing", "why"]  # what stands inside another sentence
FAMILIES += ["field", "sort"]  # what a field is called at every door, how rows are sorted
FAMILIES += ["web"]  # what pages say of themselves
FAMILIES += ["chart"]  # what stands in a chart
FAMILIES += ["column", "study", "table"]  # what studies answer
FAMILIES += ["law", "rights"]  # what legal bases and the human-rights check say
FAMILIES += ["letter"]  # what a letter of a request says
FAMILIES += ["programme"]  # what the programme's books, pages and reports share
FAMILIES += ["certificate", "evaluation"]  # what certificates say, what a class is asked
FAMILIES += ["lab"]  # what a lab tells, asks and explains
FAMILIES += ["glossary", "help"]  # words of the field, and what pages are for
SAID = re.compile(r"""\{%\s*say\s+["']([^"']+)["']""")
KEY = re.compile(rf"(?:{'|'.join(FAMILIES)})\.[a-z0-9]+(?:[.-][a-z0-9]+)*")


def first_constant(call: ast.Call, keyword: str) -> str | None:
    given = call.args[0] if call.args else None
    given = given or next((each.value for each in call.keywords if each.arg == keyword), None)
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else None


def asked_for() -> list[tuple[str, str]]:
    """List (place, key) of each word that stands whole in the code."""
    found = []
    for path in python_files("src"):
        tree = tree_of(path)
        for call in calls(tree, "render", "has"):
            key = first_constant(call, "key")
            if key and "." in key:
                found.append((place(path, call.lineno), key))
        for call in calls(tree, "Phrase"):
            key = first_constant(call, "key")
            if key:
                found.append((place(path, call.lineno), key))
        for call in calls(tree, "Skipped"):
            code = first_constant(call, "code")
            if code:
                found.append((place(path, call.lineno), f"skip.{code}"))
    return found


def said_by_templates() -> list[tuple[str, str]]:
    """List (place, key) of each word that a template of the web says."""
    return [
        (place(path, number), key)
        for path in sorted((ROOT / "src" / "kancil" / "web").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for key in SAID.findall(line)
    ]


def all_errors() -> list[type[KancilError]]:
    return [
        KancilError,
        *(family for family in KancilError.__subclasses__()),
        *(kind for _, kind in every_error()),
    ]


def codes() -> set[str]:
    return {kind.code for kind in all_errors()}


def test_every_word_the_code_asks_for_exists() -> None:
    assert not [f"{where}: {key}" for where, key in asked_for() if key not in english()]


def test_every_word_a_template_says_exists() -> None:
    said = said_by_templates()
    assert said, "the templates of the web say nothing: does the pattern still see them?"
    assert not [f"{where}: {key}" for where, key in said if key not in english()]


def english_in(value: ast.AST) -> list[str]:
    """List the pieces of a value that a person would have to translate: two words and more.

    A rendered sentence is one too where it goes into an error, a skip or a remark: it was put into
    words before anybody knew the reader's language.
    """
    found = [
        each.value
        for each in ast.walk(value)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
        and re.search(r"[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}", each.value)
    ]  # fmt: skip
    return found + ["render(…)" for _ in calls(value, "render")]


def test_a_parameter_of_words_is_data_or_a_phrase_and_no_english() -> None:
    """Whoever reads Khmer reads the reason in Khmer too, not a scrap of English in the middle."""
    sayers = {kind.__name__ for kind in all_errors()} | {"Skipped", "Problem", "Note", "Remark"}
    found = []
    for path in python_files("src"):
        for call in calls(tree_of(path), *sayers, "add", "Phrase", "Finding"):
            given = [each.value for each in call.keywords if each.arg]
            given += [each for each in call.args if isinstance(each, ast.Dict)]
            found += [
                f"{place(path, call.lineno)}: {scrap}"
                for each in given
                for scrap in english_in(each)
            ]
    assert not found, "\n".join(found)


def test_every_sentence_is_asked_for_by_the_code() -> None:
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for suffix in ("*.html", "*.j2", "*.js")
        for path in (ROOT / "src").rglob(suffix)
    )
    constants = string_constants()
    # `f"note.work-{code}"` leaves `note.work-` in the tree, `"block-" + fault` leaves `block-`:
    # each asks for all that begin so.
    form = re.compile(r"(?:[a-z]+[.])?[a-z][a-z0-9-]{3,}[.-]")
    beginnings = {each for each in constants if form.fullmatch(each)}

    def begins(asked: str) -> bool:
        return any(asked[:end] in beginnings for end in range(4, len(asked) + 1))

    def is_used(key: str) -> bool:
        family, _, rest = key.partition(".")
        code = re.sub(r"\.(?:sentence|next|[0-9]+)$", "", rest)
        if family == "error":
            return code in codes()
        whole = re.sub(r"\.(?:[0-9]+|heading|text|do)$", "", key)
        named = {key, whole, rest, code} & constants
        return bool(named) or begins(key) or begins(rest) or key in text

    assert not [key for key in english() if not is_used(key)]


def test_every_key_has_the_form_family_and_code() -> None:
    assert not [key for key in english() if not KEY.fullmatch(key)]


@cache
def said_in(folder: Path) -> dict[str, str]:
    """The sentences of a language by key; none of its files is wrong."""
    sentences, faults = gather(folder)
    assert not faults
    return sentences


@pytest.mark.parametrize("language", languages(), ids=lambda path: path.name)
def test_the_built_words_are_what_the_po_files_say(language: object) -> None:
    folder = next(path for path in languages() if path == language)
    built = (LOCALES / folder.name / "LC_MESSAGES" / "kancil.mo").read_bytes()
    assert built == build(folder.name, said_in(folder)), "run: make words"


def test_the_package_is_packed_with_the_words_of_every_language() -> None:
    """Flit packs what lies in the package's folder, whether git tracks it or not."""
    common = pytest.importorskip("flit_core.common")
    packed = {Path(name) for name in common.Module("kancil", ROOT).iter_files()}
    for folder in languages():
        assert LOCALES / folder.name / "LC_MESSAGES" / "kancil.mo" in packed
    assert RECORD in packed


def test_building_the_words_twice_gives_the_same_bytes() -> None:
    assert build("en", english()) == build("en", english())


@pytest.mark.parametrize("language", languages(), ids=lambda path: path.name)
def test_a_translation_has_no_key_that_english_has_not(language: object) -> None:
    folder = next(path for path in languages() if path == language)
    assert not set(said_in(folder)) - set(english())


@pytest.mark.parametrize("language", languages(), ids=lambda path: path.name)
def test_a_translation_uses_the_parameters_that_english_uses(language: object) -> None:
    """No name, number or amount that a sentence tells is lost on its way into another language."""
    folder = next(path for path in languages() if path == language)
    assert not [
        key
        for key, sentence in said_in(folder).items()
        if parameters_of(sentence) != parameters_of(english().get(key, ""))
    ]


TYPED = re.compile(r"kancil(?: [a-z][a-z-]*){1,2}|--[a-z][a-z-]*|docs/[a-z/-]+\.md")
PROPER = re.compile(r"CoinJoin|PayJoin|OP_RETURN|FATF|P2SH|SHA-256|\bBTC\b|\bsatoshi\b|\bsat\b")


@pytest.mark.parametrize("language", languages(), ids=lambda path: path.name)
def test_a_translation_keeps_what_is_typed_and_names_of_the_field(language: object) -> None:
    """Commands, options, files of the docs and terms without a translation stay as they are."""
    folder = next(path for path in languages() if path == language)
    lost = [
        f"{key}: {each}"
        for key, sentence in said_in(folder).items()
        for pattern in (TYPED, PROPER)
        for each in pattern.findall(english().get(key, ""))
        if each not in sentence
    ]
    assert not lost
