"""Words, amounts, times and identifiers come out of templates as everywhere else, and escaped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground import words
from kancil.ground.errors import TimeNotReadable
from kancil.ground.phrase import Phrase
from kancil.web import parts
from kancil.web.templatetags import kancil_words
from tests.web.look import ADDRESS, MOMENT, TXID, engine, render, sample, start_django


def written(source: str, **context: object) -> str:
    from django.template import Context

    template = engine().from_string("{% load kancil_words %}" + source)
    return str(template.render(Context(context)))


def test_say_puts_a_key_and_its_parameters_into_words() -> None:
    assert written('{% say "web.pages.place" number=2 count=8 %}') == "Page 2 of 8"


def test_what_is_said_is_escaped() -> None:
    text = written('{% say "web.copy" what=what %}', what="<script>alert(1)</script>")
    assert "<script" not in text
    assert "&lt;script&gt;" in text


@given(st.text())
def test_no_text_of_a_case_becomes_markup(text: str) -> None:
    before = written("{% include 'kancil/_identifier.html' with id=id short=True %}", id="x")
    after = written("{% include 'kancil/_identifier.html' with id=id short=True %}", id=text or "x")
    assert after.count("<") == before.count("<")
    assert after.count('"') == before.count('"')


def test_data_keep_their_own_direction_where_the_page_has_the_other() -> None:
    code = "2026-P-007 Mentor (two weeks)"
    with words.speaking("ar"):
        assert written("{{ it|words }}", it=code) == f"\u2068{code}\u2069"
        said = written('{% say "web.copy" what=what %}', what="\u202ecod.exe")
        assert said == "نسخ \u2068⟨U+202E⟩cod.exe\u2069"
        shown = written("{% shown_cell one %}{% shown_cell two %}", one=code, two="2026-P-007")
    assert shown == f'<span dir="auto">{code}</span><span class="num" dir="ltr">2026-P-007</span>'
    assert written("{{ it|words }}", it=code) == code


@pytest.mark.parametrize("span", ["2026-05-29 – 06-02", "09:00 – 10:30", "-0.5 % – 40.4 %"])
def test_a_span_begins_where_the_spoken_language_does(span: str) -> None:
    with words.speaking("ar"):
        assert written("{{ it|words }}", it=span) == f"\u2067{span}\u2069"
        assert 'dir="rtl"' in written("{% shown_cell it %}", it=span)
        named = f"{span} x"
        assert written("{% shown_cell it %}", it=named) == f'<span dir="auto">{named}</span>'
    assert written("{{ it|words }}", it=span) == span


def test_a_phrase_inside_a_sentence_is_put_into_words_too() -> None:
    assert written("{{ name|words }}", name=Phrase("web.room.money")) == "Money"
    said = written('{% say "web.copy" what=what %}', what=Phrase("web.room.money"))
    assert said == "Copy Money"


def test_amounts_are_grouped_and_in_both_units() -> None:
    assert kancil_words.btc(38_796_959) == "0.38796959"
    assert kancil_words.sat(38_796_959) == "38\u202f796\u202f959"
    assert kancil_words.size(134_217_728) == "134.2 MB"


def test_a_time_is_shown_in_utc_and_in_the_units_zone_with_its_offset() -> None:
    page = render("kancil/_when.html", moment=MOMENT)
    assert 'datetime="2019-05-02T12:26:04.000000Z"' in page
    assert "2019-05-02 12:26:04 UTC<" in page
    assert "2019-05-02 19:26:04 UTC+07:00" in page


def test_a_time_as_the_ledger_writes_it_is_read() -> None:
    assert kancil_words.iso("2026-11-24T18:31:30.999999Z") == "2026-11-24 18:31:30 UTC"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TimeNotReadable):
        kancil_words.iso(datetime(2026, 11, 24))  # noqa: DTZ001


@given(st.datetimes(timezones=st.just(UTC)))
def test_the_seconds_shown_are_never_later_than_the_moment(moment: datetime) -> None:
    shown = kancil_words.iso(moment)
    assert shown == moment.replace(microsecond=0).isoformat(" ").removesuffix("+00:00") + " UTC"


@pytest.mark.parametrize("name", ["btc", "sat", "bytes", "iso", "local", "words"])
def test_what_is_none_is_called_unknown(name: str) -> None:
    assert written("{{ value|" + name + " }}", value=None) == "unknown"


def test_an_unknown_amount_is_drawn_as_unknown_and_not_as_zero() -> None:
    page = render("kancil/_amount.html", sat=None)
    assert "unknown" in page
    assert "0" not in page
    assert "0.00000000" in render("kancil/_amount.html", sat=0)


@dataclass(frozen=True, slots=True)
class Told:
    value: str
    about: str
    is_known: bool = True


def test_a_worth_says_its_source_and_where_there_is_none_why() -> None:
    answers = (
        Told("1 200.00 USD", "<b>Exchange</b> \u202e2019-05-02"),
        Told("no price in LAK", "not then", is_known=False),
        Told("no price", "", is_known=False),
    )
    page = written("{% shown_cell cell %}", cell=parts.Worth(answers))
    assert page == (
        '<span class="amount worth"><span>1 200.00 USD</span>'
        " <small>&lt;b&gt;Exchange&lt;/b&gt; ⟨U+202E⟩2019-05-02</small></span>"
        '<span class="amount worth quiet"><span>no price in LAK</span>'
        " <small>not then</small></span>"
        '<span class="amount worth quiet"><span>no price</span></span>'
    )


def test_every_kind_of_cell_has_its_builder() -> None:
    kinds = {
        kind.part for kind in vars(parts).values() if isinstance(getattr(kind, "part", 0), str)
    }
    assert "worth" in kinds
    assert not kinds - set(kancil_words._PARTS)


def test_a_short_identifier_keeps_head_and_tail_and_the_whole_is_copied() -> None:
    assert kancil_words.short_id(TXID) == "41f366c2…" + TXID[-8:]
    assert kancil_words.short_id("E3") == "E3"
    page = render("kancil/_identifier.html", id=ADDRESS, short=True)
    assert f'data-copy="{ADDRESS}"' in page
    assert f'title="{ADDRESS}"' in page


@pytest.mark.parametrize("template", ["kancil/base.html", "kancil/error.html"])
def test_a_page_comes_out_even_where_nothing_is_given_to_it(template: str) -> None:
    """The last fault of all is shown by a template to which no view could give anything."""
    page = render(template)
    assert page.startswith("<!doctype html>")
    assert "None" not in page


@pytest.mark.parametrize("status", [403, 404, 409, 413, 429, 500])
def test_each_fault_says_what_happened_and_what_to_do_next(status: int) -> None:
    page = render("kancil/error.html", status=status)
    assert "data-sentence" in page
    assert "data-next" in page
    assert "web.fault" not in page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_of_the_cookie_stands_in_the_first_bytes(theme: str) -> None:
    assert f'data-theme="{theme}"' in render("style.html", **sample(theme))[:200]


@pytest.mark.parametrize("theme", ["", "purple", '"><script>'])
def test_any_other_theme_is_the_systems(theme: str) -> None:
    page = render("style.html", **sample(theme))
    assert "data-theme=" not in page
    assert "<script>" not in page


def test_a_field_links_its_hint_and_its_error_to_its_control() -> None:
    start_django()
    page = render("kancil/_form.html", form=sample()["wrong_form"])
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page
    assert 'href="#id_name"' in page
    assert 'href="#id_direction_0"' in page
