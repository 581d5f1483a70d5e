"""The page as a file: made from its parts and nothing else, with no way out to a network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kancil.reports.casework.bundle.page import build

MOST_BYTES = 900_000
"""With the sentences of all languages that it may have."""


def page() -> str:
    return build.PAGE.read_text(encoding="utf-8")


def inner(name: str) -> str:
    found = re.findall(rf"<{name}>(.*?)</{name}>", page(), re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def test_the_page_beside_its_parts_is_what_they_make() -> None:
    fresh = build.build_page()
    assert build.PAGE.read_bytes() == fresh, "python -m kancil.reports.casework.bundle.page.build"
    digest = hashlib.sha256(fresh).hexdigest()
    assert build.DIGEST.read_text() == f"{digest}  verify.html\n"


def test_the_same_page_comes_out_in_another_process() -> None:
    code = (
        "import hashlib; from kancil.reports.casework.bundle.page.build import build_page;"
        "print(hashlib.sha256(build_page()).hexdigest())"
    )
    source = str(Path(build.__file__).parents[5])
    environment = {"PYTHONPATH": source, "LC_ALL": "C", "TZ": "Asia/Vientiane"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
    )
    assert run.stdout.strip() == hashlib.sha256(build.PAGE.read_bytes()).hexdigest()


def test_the_policy_lets_in_the_one_script_and_the_one_style_only() -> None:
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page())
    assert len(policy) == 1
    rules = dict(rule.split(" ", 1) for rule in policy[0].split("; "))
    assert rules["default-src"] == "'none'"
    for name, rule in (("script", "script-src"), ("style", "style-src")):
        digest = base64.b64encode(hashlib.sha256(inner(name).encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert rules["img-src"] == "data:"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in policy[0]
    assert page().index("Content-Security-Policy") < page().index("<style>")


def test_nothing_in_the_page_reaches_out_or_makes_markup() -> None:
    markup = re.sub(r"<(script|style)>.*?</\1>", "", page(), flags=re.DOTALL)
    assert not re.search(r"\b(?:src|href|action|srcset|style|on\w+)=", markup)
    own = "".join(p.read_text() for p in (build.FOLDER / "script").glob("*.js"))
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                 "Function(", "fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon",
                 "localStorage", "import(", "Worker(", "__proto__:"):  # fmt: skip
        assert word not in own, word
    assert "url(" not in inner("style")
    assert "@import" not in inner("style")


def test_every_word_that_is_said_is_in_the_table_and_every_entry_is_said() -> None:
    table = set(build.read_words(build.FOLDER / build.WORDS)["en"])
    scripts = (build.FOLDER / "script").glob("*.js")
    others = "".join(p.read_text() for p in scripts) + (build.FOLDER / "page.html").read_text()
    said = set(re.findall(r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"', others))
    made = re.compile(
        r"(?:state|verdict|tool|step)-|(?:bytes|custody|when|chain|table)-bad$"
        r"|stated-(?:class|kind|receiver|recognised|where)-|table-study-(?:inputs|version)-"
    )
    said |= {f"stated-{word}" for word in said}
    assert {word for word in table if word not in said and not made.match(word)} == set()
    called = r'(?:must\([^;]*?|Bad\(|\[|say\(|fact\()"([a-z0-9]+-[a-z0-9-]+)"'
    codes = set(re.findall(called, others))
    assert codes - table - NOT_WORDS == set()


def english() -> build.Words:
    return build.read_words(build.FOLDER / build.WORDS)["en"]


def with_language(folder: Path, words: build.Words) -> Path:
    """Words of the page with a language of the test beside English."""
    for tag, told in (("en", english()), ("lo", words)):
        (folder / f"{tag}.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


def in_lao(words: build.Words) -> build.Words:
    """Each sentence behind a mark; Lao has one plural form alone."""
    return {
        key: f"ລາວ {told}" if isinstance(told, str) else {"other": f"ລາວ {told['other']}"}
        for key, told in words.items()
    }


def test_a_language_is_offered_only_with_nearly_all_sentences(tmp_path: Path) -> None:
    whole = in_lao(english())
    assert list(build.read_words(with_language(tmp_path, whole))) == ["en", "lo"]
    most = dict(list(whole.items())[: len(whole) * 95 // 100 + 1])
    assert list(build.read_words(with_language(tmp_path, most))) == ["en", "lo"]
    few = dict(list(whole.items())[: len(whole) * 94 // 100])
    assert list(build.read_words(with_language(tmp_path, few))) == ["en"]


@pytest.mark.parametrize("fault", [{"no-such-key": "x"}, {"fact-bytes": "{size} bytes"}])
def test_a_translation_of_no_sentence_or_with_other_parameters_stops_the_build(
    fault: build.Words, tmp_path: Path
) -> None:
    with pytest.raises(AssertionError):
        build.read_words(with_language(tmp_path, {**in_lao(english()), **fault}))


@pytest.mark.browser
def test_the_page_speaks_the_language_of_the_browser_and_says_what_is_still_english(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = in_lao(english())
    del words["lead"]
    found = build.read_words(with_language(tmp_path, words))
    monkeypatch.setattr(build, "read_words", lambda _: found)
    path = tmp_path / "verify.html"
    path.write_bytes(build.build_page())
    page = browser.new_page(locale="lo-LA")
    page.goto(path.as_uri())
    assert page.locator("html").get_attribute("lang") == "lo"
    assert page.locator("h1").inner_text().startswith("ລາວ ")
    assert page.locator(".lead").first.inner_text() == english()["lead"], "no word of Lao: English"
    notes = page.locator("#language-notes").inner_text()
    assert "without a reviewer" in notes
    assert "ລາວ 1 sentences have no translation" in notes
    page.locator("#language").select_option("en")
    assert page.locator("h1").inner_text() == english()["title"]
    assert page.locator("#language-notes").inner_text() == ""
    page.close()


@pytest.mark.browser
def test_a_browser_of_another_language_is_told_that_the_page_is_in_english(
    browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "verify.html"
    path.write_bytes(build.build_page())
    page = browser.new_page(locale="km-KH")
    page.goto(path.as_uri())
    known = "km" in build.read_words(build.FOLDER / build.WORDS)
    assert ("not translated into" in page.locator("#language-notes").inner_text()) is not known
    page.close()


NOT_WORDS = {"consistency-form", "format-newer", "newly-issued", "unknown-source"}
"""Caught before they are said, or words of a table."""


def test_a_vendored_file_that_was_touched_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    pinned = build.read_part("vendor.toml")
    changed = pinned.replace("97acc10d", "00000000", 1)
    assert changed != pinned
    monkeypatch.setattr(build, "read_part", lambda name: changed)
    with pytest.raises(AssertionError):
        build.check_vendored()


def test_the_page_is_small_enough_to_send() -> None:
    assert build.PAGE.stat().st_size < MOST_BYTES


def test_the_licences_of_vendored_code_go_with_the_page() -> None:
    assert page().count("The MIT License (MIT)") >= 2
    assert "Paul Miller" in page()
