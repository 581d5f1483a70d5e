"""The checkpoint slip: one printed page to hand to someone outside the unit.

Whoever keeps it can later show whether the ledger was cut, forked or written anew. It holds the
note itself (as text and as a QR code), its SHA-256, and a line to sign.
"""

from __future__ import annotations

import html
from zoneinfo import ZoneInfo

import segno

from kancil.ground.words import render

from .checkpoint import Checkpoint

_STYLE = """
@page { size: A4; margin: 18mm }
* { box-sizing: border-box }
body { font: 11pt/1.45 "Noto Sans", "Noto Sans Lao", "Noto Sans Khmer", system-ui, sans-serif;
  color: #111; background: #fff; max-width: 174mm; margin: 0 auto; padding: 8mm 4mm }
h1 { font-size: 18pt; margin: 0 0 2mm }
.training { border: 1px solid #111; padding: 2mm 3mm }
p { margin: 0 0 4mm }
.page { display: flex; flex-wrap: wrap; gap: 6mm; align-items: flex-start }
.page dl { flex: 1 1 90mm; margin: 0; min-width: 0 }
.page svg { width: 52mm; height: 52mm; flex: none }
dt { font-size: 9pt; color: #555 }
dd { margin: 0 0 3mm; overflow-wrap: anywhere }
.code { font: 14pt/1.5 "DejaVu Sans Mono", ui-monospace, monospace }
pre { font: 8pt/1.5 "DejaVu Sans Mono", ui-monospace, monospace; border: 1px solid #999;
  padding: 3mm; white-space: pre-wrap; overflow-wrap: anywhere }
.sign { display: flex; gap: 8mm; margin-top: 14mm }
.sign div { flex: 1; border-top: 1px solid #111; padding-top: 1mm; font-size: 9pt }
"""


def short_code(checkpoint: Checkpoint) -> str:
    """The first 16 hex digits of the note's SHA-256 in fours, to read out by telephone."""
    return in_fours(checkpoint.sha256[:16])


def slip_text(
    checkpoint: Checkpoint,
    unit_name: str,
    reason: str,
    zone: ZoneInfo,
    language: str = "en",
    *,
    is_training: bool = False,
) -> str:
    """Write the slip as plain text; `is_training`: it is handed out in a classroom."""
    lines = [render("note.training-made", language), ""] if is_training else []
    lines += [render("slip.title", language), ""]
    lines += [f"{name}: {value}" for name, value in _facts(checkpoint, unit_name, reason, zone,
                                                           language)]  # fmt: skip
    lines += ["", render("slip.keep", language), "", checkpoint.data.decode("utf-8")]
    blank = "." * 30
    lines += [f"{name}: {blank}" for name in _signature_names(language)]
    return "\n".join(lines) + "\n"


def slip_html(
    checkpoint: Checkpoint,
    unit_name: str,
    reason: str,
    zone: ZoneInfo,
    language: str = "en",
    *,
    is_training: bool = False,
) -> str:
    """Write the slip as one self-contained page (no script, nothing loaded), ready to print.

    `is_training`: it is handed out in a classroom.
    """
    said = html.escape(render("note.training-made", language))
    training = f'<p class="training"><strong>{said}</strong></p>\n' if is_training else ""
    title = html.escape(render("slip.title", language))
    keep = html.escape(render("slip.keep", language))
    facts = "\n".join(
        f"<dt>{html.escape(name)}</dt>"
        f"<dd{' class=code' if value == short_code(checkpoint) else ''}>{html.escape(value)}</dd>"
        for name, value in _facts(checkpoint, unit_name, reason, zone, language)
    )
    note = html.escape(checkpoint.data.decode("utf-8"))
    sign = "".join(f"<div>{html.escape(name)}</div>" for name in _signature_names(language))
    return f"""<!doctype html>
<html lang="{html.escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
{training}<h1>{title}</h1>
<p>{keep}</p>
<div class="page">
<dl>
{facts}
</dl>
{_qr(checkpoint.data)}
</div>
<pre>{note}</pre>
<div class="sign">{sign}</div>
</body>
</html>
"""


def _facts(
    checkpoint: Checkpoint, unit_name: str, reason: str, zone: ZoneInfo, language: str
) -> list[tuple[str, str]]:
    at = checkpoint.at.astimezone(zone)
    values = {
        "unit": unit_name,
        "reason": reason,
        "size": str(checkpoint.size),
        "time": f"{at:%Y-%m-%d %H:%M:%S} ({zone.key})",
        "code": short_code(checkpoint),
        "sha256": in_fours(checkpoint.sha256),
        "root": in_fours(checkpoint.root.hex()),
    }
    return [(render(f"slip.{name}", language), value) for name, value in values.items()]


def _signature_names(language: str) -> list[str]:
    return [render(f"slip.sign-{name}", language) for name in ("receiver", "place", "signature")]


def in_fours(text: str) -> str:
    """Digits in groups of four, to read out."""
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def _qr(data: bytes) -> str:
    """Draw the whole note as a QR code; error correction M bears about 15 percent of damage."""
    code = segno.make_qr(data, error="m", boost_error=False)
    drawn: str = code.svg_inline(scale=1, border=2, omitsize=True)
    return drawn
