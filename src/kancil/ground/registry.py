"""One promise, one folder of members: the members of a plural folder's tuple, found by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from .errors import MemberNotFound
from .phrase import Phrase


class Named(Protocol):
    """A member of a plural folder."""

    @property
    def name(self) -> str:
        """The name by which people and files call it."""


MemberT = TypeVar("MemberT", bound=Named)


class Registry(Generic[MemberT]):
    """The members of one plural folder, by name, in the order of their tuple."""

    def __init__(self, what: str, members: Iterable[MemberT]) -> None:
        """Take the tuple; `what`: the kind of member, whose words are `thing.<what>`."""
        self._what = what
        self._members = {member.name: member for member in members}

    def __iter__(self) -> Iterator[MemberT]:
        """Go through the members in the order of their tuple."""
        return iter(self._members.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all members."""
        return tuple(self._members)

    def named(self, name: str) -> MemberT:
        """The member of that name; raises MemberNotFound, which lists those there are."""
        try:
            return self._members[name]
        except KeyError:
            raise MemberNotFound(
                what=Phrase(f"thing.{self._what}"), name=name, known=", ".join(self._members)
            ) from None
