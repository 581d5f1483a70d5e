"""Lessons as HTML: what an author wrote runs nothing and leads where the site says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.training.courses.html import Places, TextPart, as_html, parts_as_html

PLACES = Places(
    lesson=lambda name: f"/lessons/{name}" if name == "01-a.md" else "",
    lab=lambda name: "/labs/7" if name == "sample-lab" else "",
    picture=lambda name: f"/pictures/{name}",
    source=lambda id: (id.removeprefix("s"), f"Title of {id}"),
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Title\n\nIt is so.", "<h2>Title</h2>\n<p>It is so.</p>\n"),
        (
            "| n |\n|--:|\n| 1 |",
            (
                '<div class="scroll"><table>\n<thead>\n<tr>\n<th class="num">n</th>\n</tr>\n'
                '</thead>\n<tbody>\n<tr>\n<td class="num">1</td>\n</tr>\n</tbody>\n'
                "</table></div>\n"
            ),
        ),
        ("## Part", "<h2>Part</h2>\n"),
        (
            "So [^s4: p. 2].",
            '<p>So <a class="cite" href="#source-s4" title="Title of s4, p. 2">[4]</a>.</p>\n',
        ),
        ("[x](lab:sample-lab)", '<p><a href="/labs/7">x</a></p>\n'),
        ("[x](lab:other)", "<p><span>x</span></p>\n"),
        ("[x](01-a.md)", '<p><a href="/lessons/01-a.md">x</a></p>\n'),
        ("[x](../../../etc/passwd)", "<p><span>x</span></p>\n"),
        (
            "![A <b>](../../pictures/p.svg)",
            (
                '<p><a href="/pictures/p.svg"><img class="lesson-picture" src="/pictures/p.svg"'
                ' alt="A &lt;b&gt;" loading="lazy"></a></p>\n'
            ),
        ),
        ("<script>x()</script>", "<p>&lt;script&gt;x()&lt;/script&gt;</p>\n"),
        ("[x](javascript:x())", "<p>[x](javascript:x())</p>\n"),
        ("[x](data:text/html,x)", "<p>[x](data:text/html,x)</p>\n"),
        ("[x](vbscript:x)", "<p>[x](vbscript:x)</p>\n"),
        ("[x](ftp://example.org)", "<p><span>x</span></p>\n"),
    ],
)
def test_a_text_becomes(text: str, html: str) -> None:
    assert as_html(text, PLACES) == html


def test_a_text_comes_in_parts_of_which_none_is_lost() -> None:
    text = "# Title\n\nFirst.\n\n## A *part*\n\nOne.\n\n### Below\n\nTwo.\n\n## Empty\n"
    assert parts_as_html(text, PLACES) == (
        TextPart("", "<p>First.</p>\n"),
        TextPart("A <em>part</em>", "<p>One.</p>\n<h3>Below</h3>\n<p>Two.</p>\n"),
        TextPart("Empty", ""),
    )
    assert parts_as_html("Alone.", PLACES) == (TextPart("", "<p>Alone.</p>\n"),)
    quoted = "## One\n\n> ## Quoted\n"
    assert [each.heading for each in parts_as_html(quoted, PLACES)] == ["One"]


_TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")
_KNOWN_ATTRIBUTES = {"alt", "class", "href", "loading", "rel", "src", "start", "title"}
_KNOWN = {
    "a", "blockquote", "br", "code", "div", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li",
    "ol", "p", "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


@settings(max_examples=80)
@given(
    st.lists(
        st.sampled_from(
            ["<script>", "<img src=x onerror=x()>", "[a](", ")", "![", "](", "javascript:x()",
             "lab:sample-lab", "\"onclick=\"x", "<!--", "`", "**", "\n\n", "\n", "# ", "| a |",
             "[^s1]", "[^s1: \"><script>]", "&lt;", "<https://example.org/\">", "x"]
        ),
        max_size=14,
    ).map("".join)
)  # fmt: skip
def test_no_text_brings_a_tag_of_its_own(text: str) -> None:
    for _, name, attributes in _TAG.findall(as_html(text, PLACES)):
        assert name in _KNOWN
        names = re.findall(r'([a-z-]+)="[^"]*"', attributes)
        assert set(names) <= _KNOWN_ATTRIBUTES
        assert "javascript:" not in attributes
