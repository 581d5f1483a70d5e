"""What comes with Kancil, taken into the site: packaged protocols, countries of the programme."""

from __future__ import annotations

from kancil.assessment import country as packaged
from kancil.assessment.protocol import Protocol
from kancil.assessment.protocol_files.library import FOLDER, named_protocol
from kancil.desk.assessment.actions.site import add_country, add_protocol_file
from kancil.desk.assessment.errors import CountryNotFound
from kancil.desk.people.models import Person
from kancil.ground.country_names import country_named


def add_packaged_protocol(*, by: Person, name: str) -> Protocol:
    """Keep a packaged protocol for rounds to use.

    Raises ProtocolNotFound, ProtocolAltered, ActNotYours.
    """
    found = named_protocol(name)
    text = (FOLDER / f"{found.name}.yaml").read_text(encoding="utf-8")
    return add_protocol_file(by=by, name=found.name, text=text)


def add_packaged_country(*, by: Person, code: str, region: str = "") -> str:
    """Add a country of ISO 3166-1 by its three letters; `region`: else the one it is listed in.

    Raises CountryNotFound, CountryKnown, FieldNotUsable, ActNotYours.
    """
    found = packaged.country_of(code)
    if found is None:
        raise CountryNotFound(code=code[:12])
    names = {each.id: each.name for each in packaged.regions()}
    name = country_named(code, "en") or code
    return add_country(by=by, code=code, name=name, region=region or names[found.region])
