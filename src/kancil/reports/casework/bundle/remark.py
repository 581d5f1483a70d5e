"""What a checker of bundles has to say: a code, a place and named parameters, no sentence yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kancil.ground.phrase import Param, as_json
from kancil.ground.words import render


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is wrong, or that was checked, or that could not be.

    `code`: words are `note.bundle-<code>`. `place`: member, row, entry, transaction or block, in
    plain text. `params`: named parameters of the sentence.
    """

    code: str
    place: str = ""
    params: Mapping[str, Param] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Key of its sentence."""
        return f"note.bundle-{self.code}"

    def sentence(self, language: str = "en") -> str:
        """Its sentence, behind the place it is about."""
        said = render(self.words, language, **self.params)
        return f"{self.place}: {said}" if self.place else said

    def as_dict(self) -> dict[str, object]:
        """The JSON-ready form."""
        return {"code": self.code, "params": as_json(self.params), "place": self.place}
