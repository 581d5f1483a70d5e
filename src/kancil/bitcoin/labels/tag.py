"""A tag: the unit's own label of one address, which an officer makes with a reason.

It is stored like a label file of one row, so that traces, clusters and bundles take it as any
label: the allegation of its publisher, which is the unit. What the file would have been is the
canonical JSON of the tag, by whose digest the ledger names it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from kancil.bitcoin.network import Network
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import OptionNotUsable

from .label import BITCOIN, Given, Label
from .labels import LabelImport
from .terms import category_of, entity_terms

FORMAT = "unit-tag"
CONFIDENCES = ("low", "medium", "high")
"""How sure the officer is; words `name.tag-confidence-<word>`."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What an officer says of an address, for the whole unit."""

    address: str
    """An address, or a public key in hex that is paid directly."""
    label: str
    category: str
    """A term of the INTERPOL taxonomy; empty: none fits."""
    confidence: str
    """One of `CONFIDENCES`."""
    reason: str
    """Why; whoever sees the label reads it."""
    publisher: str
    """The unit."""
    made_on: date

    @property
    def sha256(self) -> str:
        """Digest of the tag's canonical JSON."""
        return sha256_hex(canonical.dumps({**asdict(self), "made_on": self.made_on.isoformat()}))


def tag_import(tag: Tag, script: tuple[ScriptKind, bytes], network: Network) -> LabelImport:
    """The tag as an import of one label; `script`: what its address names.

    Raises OptionNotUsable.
    """
    if tag.category and tag.category not in entity_terms():
        raise OptionNotUsable(option="category", value=tag.category[:40], why="INTERPOL")
    if tag.confidence not in CONFIDENCES:
        known = ", ".join(CONFIDENCES)
        raise OptionNotUsable(option="confidence", value=tag.confidence[:40], why=known)
    kind, payload = script
    label = Label(
        address=tag.address,
        currency=BITCOIN,
        kind=kind,
        payload=payload,
        label=tag.label,
        category=category_of(tag.category),
        published_category=tag.category,
        abuse="",
        publisher=tag.publisher,
        law="",
        listed_on=tag.made_on,
        fetched_on=tag.made_on,
        modified_on=None,
        confidence=tag.confidence,
        licence="",
        source="",
        context=tag.reason,
        actor="",
        file_sha256=tag.sha256,
        place="tag",
    )
    given = Given(fetched_on=tag.made_on, publisher=tag.publisher)
    name = f"tag-{tag.sha256[:12]}"
    return LabelImport(name, tag.sha256, FORMAT, given, network.name, [label], [])
