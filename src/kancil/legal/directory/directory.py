"""The folded directory: one listing an id, found by words, kind and country.

Of what several state about one id the unit's own counts; then another unit's, the newest
verification first; then what comes with Kancil. Nothing is lost: the others stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from kancil.ground.folding import folded
from kancil.records.selector import Selector

from .errors import OfficeNotFound
from .office import Kind, Listing, Origin

_RANK = {Origin.OWN: 2, Origin.UNIT: 1, Origin.SHIPPED: 0}


class Directory:
    """All listings, prepared for search: 5,000 are gone through in a few milliseconds."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        """Take what is stated, in the order of statement: of equals the later counts."""
        by_id: dict[str, list[Listing]] = {}
        for each in listings:
            by_id.setdefault(each.office.id, []).append(each)
        counted = (_counting(several) for several in by_id.values())
        self._by_id: Mapping[str, Listing] = {
            each.office.id: each
            for each in sorted(counted, key=lambda one: (folded(one.office.name), one.office.id))
        }
        self._prepared = [(each, _words_of(each)) for each in self._by_id.values()]
        self._named: dict[str, list[Listing]] = {}
        for each in self._by_id.values():
            for name in {folded(name) for name in (each.office.name, *each.office.services)}:
                self._named.setdefault(name, []).append(each)

    def __len__(self) -> int:
        """How many ids."""
        return len(self._by_id)

    def __iter__(self) -> Iterator[Listing]:
        """All listings, by name."""
        return iter(self._by_id.values())

    def __contains__(self, office: object) -> bool:
        """Whether it has an entry of this id."""
        return office in self._by_id

    def named(self, office: str) -> Listing:
        """The listing of an id; raises OfficeNotFound."""
        found = self._by_id.get(office)
        if found is None:
            raise OfficeNotFound(office=office[:80])
        return found

    def search(
        self, text: str = "", *, kind: Kind | None = None, country: str = ""
    ) -> tuple[Listing, ...]:
        """Listings in which every word of `text` stands; those whose name begins with it first."""
        asked = folded(text.strip())
        words = asked.split()
        found = [
            each
            for each, known in self._prepared
            if (kind is None or each.office.kind is kind)
            and (not country or each.office.country == country)
            and all(word in known for word in words)
        ]
        if asked:
            found.sort(key=lambda each: not folded(each.office.name).startswith(asked))
        return tuple(found)

    def keepers(self, named: str | Selector) -> tuple[Listing, ...]:
        """The keepers that a publisher's or label's name, or an e-mail address's domain, is of.

        By their exact name or one of their services, whatever the case of letters; nothing is
        guessed, so that an account number, address or txid names none. Several where several fit.
        """
        name = named
        if isinstance(named, Selector):
            name = named.value.rpartition("@")[2] if named.kind == "email-address" else ""
        fitting = self._named.get(folded(str(name).strip()), ()) if name else ()
        return tuple(each for each in fitting if each.office.is_keeper)


def _counting(several: list[Listing]) -> Listing:
    """The one that counts among those of one id, with the others beside it."""
    placed = sorted(
        enumerate(several),
        key=lambda pair: (
            _RANK[pair[1].origin],
            pair[1].office.verified_on or date.min,
            pair[1].office.as_of,
            pair[0],
        ),
        reverse=True,
    )
    first, *others = (each for _, each in placed)
    return replace(first, others=tuple(others))


def _words_of(listing: Listing) -> str:
    office = listing.office
    return folded("\n".join((
        office.id, office.name, office.country, *office.services, office.address, *office.holds,
        *office.wants, office.note,
    )))  # fmt: skip
