"""By whose act an address was listed, and whether the listing says it is for terrorism.

Terrorist financing is a crime of law: only a designation by the Security Council or by a State, or
a finding of a court, counts as such here. All else that speaks of terrorism (research, news, NGOs,
an authority's seizure order, word that somebody else designated it) is an allegation, and is told
apart from it. The act stands in the file (column `authority` of a table), or the publisher is one
whose lists rest on one act. Nothing is guessed from a name.

Sources: the lists of persons and groups under the Security Council's resolutions 1267 (1999) and
1373 (2001), the second by each State; FATF Recommendation 6. An administrative seizure order of
Israel's NBCTF (Counter-Terrorism Law, 5776-2016) takes property; it is one State's order and names
a wallet, neither a designation of who owns it nor a court's finding.
"""

from __future__ import annotations

from typing import Protocol

UN, NATION, COURT, ORDER = (
    "un-designation",
    "national-designation",
    "court-finding",
    "administrative-order",
)
AUTHORITIES = (UN, NATION, COURT, ORDER)
"""The codes; words `note.authority-<code>`."""
NO_AUTHORITY = "none"
"""Code for what rests on none of these acts: a publisher's own word."""
COUNTED = frozenset({UN, NATION, COURT})
"""The acts by which a listing counts as terrorist financing, where it says that it is for that."""

_BY_PUBLISHER = {
    "US Department of the Treasury, Office of Foreign Assets Control (OFAC)": NATION,
    "Israel, National Bureau for Counter Terror Financing (NBCTF)": ORDER,
}
_ORDERS_FOR_TERRORISM = frozenset({"Israel, National Bureau for Counter Terror Financing (NBCTF)"})
TERRORISM_WORDS = frozenset(
    {
        "terrorism",
        "terrorist",
        "terrorist_financing",
        "terrorism_financing",
        "terror_financing",
        "financing_of_terrorism",
        "terrorist_organisation",
        "terrorist_organization",
        "terrorist_group",
    }
)
"""Words for category or abuse that say a listing is for terrorism. INTERPOL's taxonomy of 2022 has
none; these are publishers'. `cyberterrorist` is not one of them: it is about attacks."""


class Listed(Protocol):
    """What is read of a label here (see `label.Label`)."""

    @property
    def authority(self) -> str:
        """By what act, as the file states it."""

    @property
    def publisher(self) -> str:
        """Who says so."""

    @property
    def published_category(self) -> str:
        """The publisher's word for the owner."""

    @property
    def abuse(self) -> str:
        """The publisher's word for the abuse."""

    @property
    def law(self) -> str:
        """Whose law it rests on."""


def authority_of(label: Listed) -> str:
    """The code of the act that a label rests on; `NO_AUTHORITY` for a publisher's own word.

    A designation or finding that does not say whose (no law stated) is nobody's act.
    """
    found = label.authority or _BY_PUBLISHER.get(label.publisher, NO_AUTHORITY)
    return found if label.law or found == UN else NO_AUTHORITY


def says_terrorism(label: Listed) -> bool:
    """Whether the label itself says that it is for terrorism."""
    words = {_folded(label.published_category), _folded(label.abuse)}
    return bool(words & TERRORISM_WORDS) or label.publisher in _ORDERS_FOR_TERRORISM


def is_terrorist_financing(label: Listed) -> bool:
    """Whether a label counts as terrorist financing: by an act that counts, for terrorism."""
    return authority_of(label) in COUNTED and says_terrorism(label)


def is_terrorism_alleged(label: Listed) -> bool:
    """Whether a label speaks of terrorism without an act that counts."""
    return says_terrorism(label) and authority_of(label) not in COUNTED


def has_unstated_purpose(act: str, category: str, abuse: str) -> bool:
    """Whether an act that counts does not say what it is for, as a bare list of addresses.

    `act`: what `authority_of` gives. `category`, `abuse`: the words that stand beside the label.
    """
    return act in COUNTED and not (category or abuse)


def _folded(word: str) -> str:
    return word.strip().casefold().replace(" ", "_").replace("-", "_")
