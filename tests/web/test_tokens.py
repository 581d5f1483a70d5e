"""The colours can be read by everyone, and stand in one place.

Contrast as WCAG 2.2 computes it (success criteria 1.4.3 and 1.4.11): 4.5 for text, 3 for the edges
of controls and for what is drawn.
"""

from __future__ import annotations

import re
from itertools import product

import pytest

from tests.web.look import STATIC

CSS = STATIC / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
GROUNDS = ("ground", "paper", "sunk")
KINDS = ("intact", "warn", "danger", "mix", "service", "unknown")
TEXT = [
    *product(("ink", "ink-2", "ink-3", "brand", "brand-strong"), GROUNDS),
    *product(("ink", "brand", "brand-strong"), ("brand-soft",)),
    ("brand-ink", "brand"), ("brand-ink", "brand-strong"),
    *[(kind, f"{kind}-soft") for kind in KINDS],
    *product(KINDS, ("ground", "paper")),
    ("danger", "danger-soft"),
]  # fmt: skip
DRAWN = [*product(("edge", "brand"), GROUNDS), *product(KINDS, GROUNDS), ("focus-line", "paper")]


def block(opening: str) -> dict[str, str]:
    """Read the tokens of one rule."""
    start = TOKENS.index(opening) + len(opening)
    body = TOKENS[start : TOKENS.index("}", start)]
    return dict(re.findall(r"--([a-z0-9-]+):([^;]+);", body))


LIGHT = block(":root{")
SYSTEM = block(":root:not([data-theme=light]){")
DARK = block(":root[data-theme=dark]{")
OF_PROGRAMME = "html:root[data-site=programme]"
ACCENT = block(OF_PROGRAMME + "{")
ACCENT_SYSTEM = block(OF_PROGRAMME + ":not([data-theme=light]){")
ACCENT_DARK = block(OF_PROGRAMME + "[data-theme=dark]{")
THEMES = {
    "light": LIGHT,
    "dark": {**LIGHT, **DARK},
    "programme light": {**LIGHT, **ACCENT},
    "programme dark": {**LIGHT, **DARK, **ACCENT_DARK},
}


def luminance(colour: str) -> float:
    """Compute the relative luminance of `#rrggbb`."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_every_text_can_be_read_on_every_ground_it_stands_on(
    theme: str, text: str, ground: str
) -> None:
    tokens = THEMES[theme]
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("line", "ground"), DRAWN)
def test_every_edge_of_a_control_can_be_seen(theme: str, line: str, ground: str) -> None:
    if theme.endswith("dark") and line == "focus-line":
        line = "ink"  # in the dark the bright halo is what is seen
    tokens = THEMES[theme]
    assert contrast(tokens[line], tokens[ground]) >= 3


def test_the_halo_of_the_focus_is_seen_in_the_dark() -> None:
    colour = re.findall(r"#[0-9a-f]{6}", DARK["focus"])[0]
    assert min(contrast(colour, DARK[ground]) for ground in GROUNDS) >= 3


def test_the_dark_of_the_system_and_the_dark_of_a_persons_choice_are_one() -> None:
    assert SYSTEM == DARK
    assert ACCENT_SYSTEM == ACCENT_DARK
    assert {name for name in LIGHT if LIGHT[name].startswith("#")} <= set(DARK)


def test_the_programme_has_an_accent_of_its_own_and_no_other_token() -> None:
    names = {"brand", "brand-strong", "brand-ink", "brand-soft"}
    assert set(ACCENT) == set(ACCENT_DARK) == names
    for name in names - {"brand-ink"}:
        assert ACCENT[name] != LIGHT[name]
        assert ACCENT_DARK[name] != DARK[name]


@pytest.mark.parametrize("name", ["kancil.css", "map.css", "parts.css"])
def test_no_colour_stands_outside_the_tokens(name: str) -> None:
    """Print alone has colours of its own: ink on white paper."""
    text = (CSS / name).read_text(encoding="utf-8").split("@media print")[0]
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", text)


@pytest.mark.parametrize("name", ["kancil.css", "map.css", "parts.css"])
def test_every_token_that_is_used_exists(name: str) -> None:
    text = (CSS / name).read_text(encoding="utf-8")
    used = set(re.findall(r"var\(--([a-z0-9-]+)", text))
    assert used <= {*LIGHT, "shape"}


@pytest.mark.parametrize("name", ["fonts.css", "kancil.css", "parts.css"])
def test_every_file_that_a_style_sheet_names_is_there_and_is_ours(name: str) -> None:
    text = (CSS / name).read_text(encoding="utf-8")
    named = set(re.findall(r"url\(([^)]+)\)", text))
    assert named
    assert not [each for each in named if not (CSS / each).resolve().is_file()]


def test_scripts_come_before_latin_in_the_list_of_fonts() -> None:
    """Else bold Khmer, Burmese and Thai turn into boxes."""
    assert LIGHT["font"].startswith("var(--scripts),")
    assert LIGHT["scripts"].count("Noto Sans ") == 5


@pytest.mark.parametrize("script", ["", " Arabic", " Khmer", " Lao", " Myanmar", " Thai", " Mono"])
def test_each_script_has_a_regular_and_a_bold_font(script: str) -> None:
    text = (CSS / "fonts.css").read_text(encoding="utf-8")
    assert len(re.findall(rf'font-family:"Noto Sans{script}";font-weight:(?:400|700);', text)) == 2


def test_nothing_newer_than_the_browser_of_an_old_machine_is_needed() -> None:
    """Chromium 109 is the last for Windows 7 and 8; Firefox 115 likewise."""
    newer = re.compile(r"light-dark\(|color-mix\(|@scope|@starting-style|^\s*&|subgrid|\d[ds]vh\b")
    text = "\n".join(path.read_text(encoding="utf-8") for path in CSS.glob("*.css"))
    assert not newer.findall(text)
    masks = re.findall(r"(?<!-webkit-)\bmask:[^;}]+", text)
    assert len(masks) == len(re.findall(r"-webkit-mask:[^;}]+", text))
