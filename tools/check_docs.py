"""Check the pages: every relative link resolves, every page named in a text is there.

python -m tools.check_docs
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

from tools.tree import ROOT, markdown_files, shown, text_files

LINK = re.compile(r"(?<!\!)\[[^\]\n]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
MENTION = re.compile(r"(?<![\w/.-])docs/[\w./-]*[\w-]\.(?:md|svg|png)\b")
MADE_WHERE_WANTED = {"docs/reference/api.md", "docs/reference/commands.md"}
"""Pages that `make reference` writes and nobody commits."""
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")


@cache
def anchors(page: Path) -> frozenset[str]:
    """Name the places a link may point to within a page, as web hosts of Markdown name them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    found: dict[str, int] = {}
    names = set(re.findall(r'<a (?:id|name)="([^"]+)"', text))
    for heading in HEADING.findall(text):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        seen = found.get(slug, 0)
        names.add(f"{slug}-{seen}" if seen else slug)
        found[slug] = seen + 1
    return frozenset(names)


def broken_links(page: Path) -> list[str]:
    """List the relative links of one page that lead nowhere."""
    broken = []
    for one, two in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        link = one or two
        if ELSEWHERE.match(link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists():
            broken.append(f"{shown(page)}: {link} leads nowhere")
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            broken.append(f"{shown(page)}: {link}: the page has no such heading")
    return broken


def missing_pages(path: Path) -> list[str]:
    """List the pages under `docs/` that a text names and that are not there."""
    named = sorted(set(MENTION.findall(path.read_text(encoding="utf-8"))) - MADE_WHERE_WANTED)
    return [f"{shown(path)}: {name} is not there" for name in named if not (ROOT / name).exists()]


def faults() -> list[str]:
    """List everything wrong with the pages."""
    wrong = [line for page in markdown_files() for line in broken_links(page)]
    ours = [path for path in text_files() if path.relative_to(ROOT).parts[0] != "tests"]
    return wrong + [line for path in ours for line in missing_pages(path)]


def main() -> int:
    """Print what is wrong; the exit status says whether all is well."""
    wrong = faults()
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
