"""Protocols as this site keeps them: read once from the text that rounds were opened with."""

from __future__ import annotations

from pathlib import Path

from kancil.assessment.errors import ProtocolNotReadable
from kancil.assessment.protocol import Instrument, Protocol, Shape
from kancil.assessment.protocol_files.choosing import of_instruments
from kancil.assessment.protocol_files.library import named_protocol, with_translations
from kancil.assessment.protocol_files.reading import check_content

from .access import Sight
from .errors import ProtocolNotInRound
from .models import ProtocolFile

_read: dict[str, Protocol] = {}
_chosen: dict[tuple[str, frozenset[str]], Protocol] = {}
_MOST = 64


def read_text(name: str, text: str) -> Protocol:
    """Read a protocol's text; raises ProtocolNotReadable, with its first fault."""
    protocol, faults = check_content(text.encode("utf-8"), Path(f"{name}.yaml"))
    if protocol is None:
        first = faults[0]
        raise ProtocolNotReadable(
            path=f"{name[:80]}.yaml", line=first.line, why=first.phrase, count=len(faults)
        )
    return protocol


def protocol_in(sight: Sight, name: str) -> Protocol:
    """A protocol of a round by its name; raises ProtocolNotInRound, ProtocolNotReadable."""
    sha256 = sight.protocols.get(name)
    if sha256 is None:
        raise ProtocolNotInRound(name=name[:80], known=", ".join(sorted(sight.protocols)))
    found = protocol_kept(name, sha256)
    if not sight.instruments:
        return found
    key = sha256, sight.instruments
    chosen = _chosen.get(key)
    if chosen is None:
        chosen = of_instruments(found, sight.instruments)
        if len(_chosen) >= _MOST:
            _chosen.clear()
        _chosen[key] = chosen
    return chosen


def protocol_kept(name: str, sha256: str) -> Protocol:
    """A protocol that this site keeps, read once; raises ProtocolNotReadable."""
    found = _read.get(sha256)
    if found is None:
        text = ProtocolFile.objects.values_list("text", flat=True).get(name=name)
        found = with_translations(read_text(name, text))
        if len(_read) >= _MOST:
            _read.clear()
        _read[sha256] = found
    return found


def protocols_in(sight: Sight) -> tuple[Protocol, ...]:
    """All protocols of a round by name."""
    return tuple(protocol_in(sight, name) for name in sorted(sight.protocols))


def of_shape(sight: Sight, shape: Shape) -> tuple[Protocol, ...]:
    """The protocols of a round that have this shape."""
    return tuple(each for each in protocols_in(sight) if each.shape is shape)


def protocol_of_instrument(instrument: str) -> Protocol | None:
    """The protocol of provisions that says most of an instrument: the newest that this site keeps.

    Where it keeps none, the newest that comes with Kancil; None: neither knows the instrument.
    """
    kept = ProtocolFile.objects.filter(shape=Shape.PROVISIONS.value).order_by("-added_at", "-name")
    found = (protocol_kept(*row) for row in kept.values_list("name", "sha256"))
    for each in (*found, named_protocol("legal")):
        if instrument in each.instruments:
            return each
    return None


def kept_instruments() -> dict[str, Instrument]:
    """The instruments of all protocols of provisions that this site keeps, by id."""
    found: dict[str, Instrument] = {}
    rows = ProtocolFile.objects.filter(shape=Shape.PROVISIONS.value).order_by("name")
    for name, sha256 in rows.values_list("name", "sha256"):
        found.update(protocol_kept(name, sha256).instruments)
    return found
