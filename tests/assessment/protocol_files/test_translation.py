"""A translation says a protocol's texts in another language, changes nothing else, and counts."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import yaml

from kancil.assessment.answer_forms.xlsform import write_form
from kancil.assessment.errors import ProtocolNotReadable
from kancil.assessment.foreign import check_translation_file
from kancil.assessment.protocol_files.library import (
    FOLDER,
    named_protocol,
    protocol_names,
    translated_file,
    translation_files,
    translations,
    with_translations,
)
from kancil.assessment.protocol_files.reading import read_protocol
from kancil.assessment.protocol_files.translation import (
    SCHEMA,
    Translation,
    check_translation,
    coverage,
    is_counted,
    offered_languages,
    texts_of,
    translated,
)
from kancil.ground.offered import LEAST_PERCENT
from kancil.ground.words import render
from tests.assessment.answer_forms.test_xlsform import sheet, survey
from tests.assessment.samples import changed, guide_text, kept
from tools import begin_translation
from tools.begin_translation import begun

HEAD = f"""schema: {SCHEMA}
protocol: first-look-2026.1
language: es
standing: proposal
standing_note: Invented for a test; nobody has reviewed it.
texts:
"""
SOME = """  title: Primera mirada
  scales:
    stage:
      values:
        0: {label: Ausente}
  indicators:
    L1:
      question: ¿Hay una ley?
      evidence: [El texto de la ley, Tres sentencias]
"""


def spanish(folder: Path, text: str | bytes = HEAD + SOME) -> Path:
    if not (folder / "first-look-2026.1.yaml").exists():
        # One text with a name in braces, which every language must keep.
        with_name, _ = changed(
            "Twelve questions before", "Questions for {country} before", guide_text()
        )
        kept(folder, with_name)
    return kept(folder, text, "first-look-2026.1.es.yaml")


def whole(folder: Path, leave: int = 0) -> str:
    """A translation of all that counts but for the first few texts."""
    spanish(folder)
    protocol = read_protocol(folder / "first-look-2026.1.yaml")
    texts: dict[str, object] = {}
    for way, text in [each for each in texts_of(protocol).items() if is_counted(each[0])][leave:]:
        at: dict[str, object] = texts
        for part in way[:-1]:
            at = at.setdefault(part, {})  # type: ignore[assignment]  # mappings but at the end
        at[way[-1]] = f"es {text}"
    return HEAD[: HEAD.index("texts:")] + yaml.safe_dump({"texts": texts}, allow_unicode=True)


def test_a_packaged_translation_has_no_fault() -> None:
    told = [
        f"{path.name}:{each.line}: {render(each.phrase.key, **each.params)}"
        for name in protocol_names()
        for path in translation_files(name).values()
        for each in check_translation(path, read_protocol(FOLDER / f"{name}.yaml"))[1]
    ]
    assert told == []


def test_a_language_is_offered_by_a_packaged_protocol_only_at_the_bar() -> None:
    """Every packaged protocol, whichever translations are packed with it."""
    for name in protocol_names():
        for made, has in translations(name):
            is_said = made.language in offered_languages(named_protocol(name))
            assert is_said == (has.have * 100 >= has.of * LEAST_PERCENT), (name, made.language)


def test_a_translation_stands_beside_its_protocol_and_is_none(tmp_path: Path) -> None:
    spanish(tmp_path)
    assert protocol_names(tmp_path) == ("first-look-2026.1",)
    assert list(translation_files("first-look-2026.1", tmp_path)) == ["es"]


def test_texts_are_laid_over_and_the_digest_stays(tmp_path: Path) -> None:
    plain = read_protocol(spanish(tmp_path).with_name("first-look-2026.1.yaml"))
    ((made, has),) = translations("first-look-2026.1", tmp_path)
    found = translated(plain, [made])
    assert found.sha256 == plain.sha256
    assert found.title.in_language("es") == "Primera mirada"
    assert found.indicators["L1"].question.in_language("es") == "¿Hay una ley?"
    assert found.scales["stage"].values[0].label.in_language("es") == "Ausente"
    # What is missing is said in the protocol's own language, and the own language stays.
    assert found.indicators["L2"].question.in_language("es") == str(plain.indicators["L2"].question)
    assert [str(each) for each in texts_of(found).values()] == [
        str(each) for each in texts_of(plain).values()
    ]
    assert (has.have, has.is_offered) == (5, False)
    assert has.of == sum(1 for way in texts_of(plain) if is_counted(way))


def test_below_the_bar_a_language_is_offered_nowhere(tmp_path: Path) -> None:
    spanish(tmp_path)
    found = named_protocol("first-look", tmp_path)
    assert offered_languages(found) == ("en",)
    assert str(found.title) == found.title.in_language("es")
    assert "label::Spanish (es)" not in sheet(write_form(found), "choices")[0]


def test_at_the_bar_a_form_carries_the_language(tmp_path: Path) -> None:
    of = coverage(read_protocol(spanish(tmp_path).with_name("first-look-2026.1.yaml")), "es").of
    may_miss = of * (100 - LEAST_PERCENT) // 100
    spanish(tmp_path, whole(tmp_path, may_miss + 1))
    assert offered_languages(named_protocol("first-look", tmp_path)) == ("en",)
    spanish(tmp_path, whole(tmp_path, may_miss))
    found = named_protocol("first-look", tmp_path)
    assert offered_languages(found) == ("en", "es")
    row = survey(write_form(found))["L1"]
    assert row["label::English (en)"] == f"L1 · {found.indicators['L1'].question}"
    assert row["label::Spanish (es)"] == f"L1 · es {found.indicators['L1'].question}"


def test_a_text_left_in_the_own_language_does_not_count(tmp_path: Path) -> None:
    plain = read_protocol(spanish(tmp_path).with_name("first-look-2026.1.yaml"))
    same = {way: str(text) for way, text in texts_of(plain).items()}
    made = Translation(plain.name, "fr", plain.standing, "None", None, same)
    # The guide's protocol says its title and one question in French itself, and nothing else.
    assert coverage(translated(plain, [made]), "fr").have == 2


def test_a_protocol_kept_elsewhere_speaks_only_if_it_is_the_same_to_the_byte(
    tmp_path: Path,
) -> None:
    spanish(tmp_path, whole(tmp_path))
    plain = read_protocol(tmp_path / "first-look-2026.1.yaml")
    assert offered_languages(with_translations(plain, tmp_path)) == ("en", "es")
    other = tmp_path / "other"
    other.mkdir()
    differs = read_protocol(kept(other, guide_text()))
    assert with_translations(differs, tmp_path) is differs


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("translation-unknown-text", "    L1:\n", "    L99:\n"),
        ("translation-unknown-text", "      question: ¿", "      weight: ¿"),
        ("translation-unknown-text", "        0: {", "        9: {"),
        ("translation-placeholder", "  title: Primera mirada", "  purpose: Doce preguntas"),
        ("translation-placeholder", "  title: Primera mirada", "  purpose: Doce {pais} {country}"),
        ("translation-not-as-there", "[El texto de la ley, Tres sentencias]", "[Uno, Dos, Tres]"),
        ("translation-own-language", "language: es", "language: en"),
        ("protocol-file-name", "language: es", "language: pt"),
        ("protocol-not-one-of", "protocol: first-look-2026.1", "protocol: capability-2026.2"),
        ("protocol-unknown-key", "texts:", "mas: uno\ntexts:"),
        ("protocol-not-quoted", "label: Ausente", "label: No"),
        ("protocol-empty-text", "Primera mirada", '""'),
        ("protocol-review-missing", "standing: proposal", "standing: reviewed"),
        ("yaml-key-twice", "  scales:", "  title: Otra\n  scales:"),
    ],
)
def test_a_fault_of_a_translation_is_told_with_its_line(
    tmp_path: Path, code: str, old: str, new: str
) -> None:
    text, line = changed(old, new, HEAD + SOME)
    path = spanish(tmp_path, text)
    protocol = read_protocol(path.with_name("first-look-2026.1.yaml"))
    found, faults = check_translation(path, protocol)
    assert found is None
    assert code in [each.code for each in faults]
    first = next(each for each in faults if each.code == code)
    assert abs(first.line - line) <= 1
    assert render(first.phrase.key, **first.params)
    with pytest.raises(ProtocolNotReadable):
        named_protocol("first-look", tmp_path)


def test_bytes_that_are_no_yaml_are_one_fault(tmp_path: Path) -> None:
    protocol = read_protocol(spanish(tmp_path).with_name("first-look-2026.1.yaml"))
    for content in (b"\xff\xfe", b"- a\n- b\n", b"a: &x 1\nb: *x\n"):
        found, faults = check_translation_file(spanish(tmp_path, content), protocol)
        assert found is None
        assert faults


def test_a_file_to_begin_with_has_every_text_and_counts_for_nothing(tmp_path: Path) -> None:
    protocol = named_protocol("study")
    path = kept(tmp_path, begun("study", "xx"), f"{protocol.name}.xx.yaml")
    assert translated_file(path) == FOLDER / f"{protocol.name}.yaml"
    made, faults = check_translation(path, protocol)
    assert faults == []
    assert made is not None
    assert set(made.texts) == {way for way in texts_of(protocol) if is_counted(way)}
    assert coverage(translated(protocol, [made]), "xx").have == 0


def test_what_another_version_says_of_the_same_words_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spanish(tmp_path)
    newer, _ = changed('version: "2026.1"', 'version: "2026.2"', guide_text())
    newer, _ = changed("{en: Is illegal access an offence?,", "{en: Is access an offence?,", newer)
    kept(tmp_path, newer, "first-look-2026.2.yaml")
    for name in ("named_protocol", "protocol_names", "translations"):
        own = getattr(begin_translation, name)
        monkeypatch.setattr(begin_translation, name, partial(own, folder=tmp_path))
    texts = yaml.safe_load(begin_translation.begun("first-look-2026.2", "es"))["texts"]
    assert texts["title"] == "Primera mirada"
    assert texts["indicators"]["L1"]["question"] == "Is access an offence?"
