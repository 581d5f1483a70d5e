"""Build the fonts of the printed report: subsets of Noto, regular and bold, for seven scripts.

Run by hand, seldom: it needs Debian's package fonts-noto-core and the tools pyftsubset and
pyftmerge (fonttools 4.68 with brotli, in one folder), none of which Kancil itself needs. The same
sources give the same bytes. The files and their record, `fonts.toml`, go to
`src/kancil/reports/fonts/` and are committed.

    python -m tools.build_fonts PYFTSUBSET
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.tree import ROOT

SOURCE = Path("/usr/share/fonts/truetype/noto")
FONTS = ROOT / "src" / "kancil" / "reports" / "fonts"
WEIGHTS = ("Regular", "Bold")

# Latin with all its marks, Greek and Cyrillic, since names of persons and firms stand on what is
# printed; dashes, quotes, signs, and the narrow space that groups the digits of an amount.
_LATIN = (
    "U+0020-007E,U+00A0-024F,U+0300-0304,U+0306-030C,U+0323-0328,U+0370-03FF,U+0400-045F,"
    "U+0490-0491,U+1E00-1EFF,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+202F,U+2030,U+2032-2033,"
    "U+2039-203A,U+20A0-20BF,U+2116"
)
# Spaces, joiners and the dotted circle, with which the scripts of the region are written.
_JOINING = ",U+200B-200D,U+2060,U+25CC,U+0020,U+00A0"
SUBSETS = {
    "NotoSans": _LATIN,
    "NotoSansMono": (
        "U+0020-007E,U+00A0,U+00B7,U+2013,U+2026,U+202F,U+2190-2193,U+2212,U+2248,U+2260,U+2264-2265"
    ),
    "NotoSansThai": "U+0E00-0E7F" + _JOINING,
    "NotoSansKhmer": "U+1780-17FF,U+19E0-19FF" + _JOINING,
    "NotoSansLao": "U+0E80-0EFF" + _JOINING,
    "NotoSansMyanmar": "U+1000-109F,U+AA60-AA7F,U+A9E0-A9FF" + _JOINING,
    "NotoSansArabic": "U+0600-06FF" + _JOINING,
}
# Arabic joins letters, so that no other font can stand in for a part of a line in a picture: the
# Latin of Noto Sans is merged into it, with the signs that isolate a line of another direction.
_WITH_LATIN = "NotoSansArabic"
_BESIDE = "U+0021-007E,U+00A1-00FF,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+202F,U+2066-2069"

_RECORD = """\
# The fonts of the printed report. Built by tools/build_fonts.py, never edited; the licence is in
# OFL.txt. No font name is reserved, so a subset may keep it.

[source]
name = "Noto Sans"
package = "fonts-noto-core"
version = "20201225-2"
distribution = "Debian"
licence = "OFL-1.1"
copyright = "2010, 2012-2020 Google Inc.; 2015-2020 Google LLC"
home = "https://github.com/notofonts"
"""


def subset(name: str, weight: str, unicodes: str, tool: Path) -> Path:
    """Write one subset; the font's own layout rules all stay, since the scripts need them."""
    target = FONTS / f"{name}-{weight}.ttf"
    _cut(SOURCE / target.name, target, unicodes, tool)
    if name == _WITH_LATIN:
        with tempfile.TemporaryDirectory() as folder:
            own, latin = Path(folder) / "own.ttf", Path(folder) / "latin.ttf"
            target.rename(own)
            _cut(SOURCE / f"NotoSans-{weight}.ttf", latin, _BESIDE, tool)
            _run(tool.with_name("pyftmerge"), f"--output-file={target}", own, latin)
    return target


def _cut(source: Path, target: Path, unicodes: str, tool: Path) -> None:
    _run(
        tool,
        source,
        f"--unicodes={unicodes}",
        "--layout-features=*",
        "--name-IDs=0,1,2,3,4,5,6,13,14",
        "--notdef-outline",
        f"--output-file={target}",
    )


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, env={"SOURCE_DATE_EPOCH": "1600000000", "PATH": "/usr/bin"})


def record(files: list[Path]) -> str:
    """The text of `fonts.toml`."""
    lines = [_RECORD, "[files]"]
    for path in sorted(files):
        lines.append(f'"{path.name}" = "{hashlib.sha256(path.read_bytes()).hexdigest()}"')
    return "\n".join(lines) + "\n"


def main() -> int:
    """Build every subset and write the record."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    tool = Path(sys.argv[1])
    files = [
        subset(name, weight, unicodes, tool)
        for name, unicodes in SUBSETS.items()
        for weight in WEIGHTS
    ]
    (FONTS / "fonts.toml").write_text(record(files), encoding="utf-8")
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
