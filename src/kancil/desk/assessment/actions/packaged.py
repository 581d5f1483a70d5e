"""What comes with Kancil, taken into the site: packaged protocols, countries of the programme."""

from __future__ import annotations

from kancil.assessment import country as packaged
from kancil.assessment.library import FOLDER, named_protocol
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.actions.site import add_country, add_protocol_file
from kancil.desk.assessment.errors import CountryNotFound
from kancil.desk.people.models import Person


def add_packaged_protocol(*, by: Person, name: str) -> Protocol:
    """Keep a packaged protocol for rounds to use.

    Raises ProtocolNotFound, ProtocolAltered, ActNotYours.
    """
    found = named_protocol(name)
    text = (FOLDER / f"{found.name}.yaml").read_text(encoding="utf-8")
    return add_protocol_file(by=by, name=found.name, text=text)


def add_packaged_country(*, by: Person, code: str) -> str:
    """Add a country of the packaged list, by its three letters.

    Raises CountryNotFound, CountryKnown, ActNotYours.
    """
    names = {each.id: each.name for each in packaged.regions()}
    for each in packaged.countries().values():
        if each.iso3 == code:
            return add_country(by=by, code=code, name=each.name, region=names[each.region])
    raise CountryNotFound(code=code[:12])
