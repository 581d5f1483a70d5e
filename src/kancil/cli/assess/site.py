"""Commands for a programme's site itself: accounts, countries, protocols, keys of colleagues."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated

import typer

from kancil.assessment.foreign import read_protocol_file
from kancil.assessment.protocol_files.library import named_protocol
from kancil.cli.programme.door import CountryCode, Out, Programme, Username, chosen, plain, with_id
from kancil.cli.unit.officers import Reason
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase
from kancil.ground.signedfile import (
    PUBLIC_KEY_FORMAT,
    SITE,
    read_signed,
    require_same_kind,
    write_signed,
)
from kancil.ground.signing import Signer, fingerprint, public_pem
from kancil.ground.words import render
from kancil.ground.workspace import Site


def person_add(
    context: typer.Context,
    username: Username,
    name: Annotated[str, typer.Option(help="Full name.")],
    role: Annotated[
        str,
        typer.Option(
            help="assessor, team-lead, focal-point, ministry, programme-officer, reviewer,"
            " donor-reader or administrator."
        ),
    ],
    country: Annotated[
        list[str] | None,
        typer.Option(help="Of a focal point, ministry or donor reader; repeat for more."),
    ] = None,
) -> None:
    """Add an account for the programme's site.

    The one-time password is printed once; the site asks for a new one at the first sign-in.
    By an administrator or a programme officer.

        kancil assess person add dara --name 'Dara S.' --role assessor
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.people import admit_person
    from kancil.desk.people.queries import PROGRAMME_ROLES, Role

    chosen(role, [each.value for each in Role if each in PROGRAMME_ROLES], "--role")
    person, password = admit_person(
        by=programme.person, username=username, name=name, role=Role(role), countries=country or ()
    )
    value = {"id": str(person.pk), "username": username, "password": password, "role": role}
    programme.show(value, render("done.person-add", name=username, password=password))


def person_factors(context: typer.Context, username: Username, reason: Reason) -> None:
    """Remove somebody's second factors, such as those of a lost telephone.

    For a telephone or key that is lost. Every browser is signed out; whoever needs a second
    factor sets up a new one at the next sign-in. By an administrator or a programme officer.

        kancil assess person factors dara --reason 'telephone lost'
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.people import remove_account_factors
    from kancil.desk.assessment.queries.site import acting_account

    person = acting_account(username)
    remove_account_factors(by=programme.person, person=person.pk, reason=reason)
    value = {"id": str(person.pk), "username": username}
    programme.show(value, render("done.person-factors", name=username))


def person_list(context: typer.Context) -> None:
    """List the accounts of the programme's site.

    Everyone who has an account, by name; for those who keep the site.

        kancil assess person list
    """
    programme = Programme(context)
    from kancil.desk.assessment.queries.site import accounts

    rows = accounts(programme.person)
    programme.show(
        [{**plain(each), "id": str(each.id)} for each in rows],
        lambda: programme.door.screen.table(
            ("user name", "name", "role", "countries"),
            [(each.username, each.name, each.role, ", ".join(each.countries)) for each in rows],
        ),
    )


def country_add(
    context: typer.Context,
    code: CountryCode,
    name: Annotated[str | None, typer.Option(help="Its name, if it is invented.")] = None,
    region: Annotated[
        str | None, typer.Option(help="Region of the programme; else the one it is listed in.")
    ] = None,
    invented: Annotated[
        bool, typer.Option("--invented", help="For practice; its code begins with X.")
    ] = False,
) -> None:
    """Add a country, or an invented one for practice.

    By an administrator or a programme officer. A country of the world needs its code alone, and
    bears its UN name. The codes from XAA to XZZ are for invented countries.

        kancil assess country add KHM
    """
    programme = Programme(context)
    from kancil.assessment import country as packaged
    from kancil.desk.assessment.actions.packaged import add_packaged_country
    from kancil.desk.assessment.actions.site import add_country

    by = programme.person
    known = packaged.country_of(code)
    if known is not None and name is None and not invented:
        id = add_packaged_country(by=by, code=code, region=region or "")
        programme.added("country", id, known.name)
        return
    if name is None or region is None:
        why = Phrase("why.country-name-region")
        raise OptionNotUsable(option="--name --region", value=name or region or "", why=why)
    id = add_country(by=by, code=code, name=name, region=region, is_invented=invented)
    programme.added("country", id, name)


def country_list(context: typer.Context) -> None:
    """List the countries you may see.

    The countries that you have to do with, by name.

        kancil assess country list
    """
    programme = Programme(context)
    from kancil.desk.assessment.queries.countries import countries

    rows = countries(programme.person)
    programme.show(
        [with_id(each, each.code) for each in rows],
        lambda: programme.door.screen.table(
            ("code", "name", "region"), [(each.code, each.name, each.region) for each in rows]
        ),
    )


def protocol_keep(
    context: typer.Context,
    protocol: Annotated[
        str, typer.Argument(metavar="PROTOCOL|FILE", help="A packaged protocol, or your own file.")
    ],
) -> None:
    """Add a protocol, unchanged to the byte, for rounds to use.

    It is kept to the byte, so that a round's result comes out again in later years. By an
    administrator or a programme officer.

        kancil assess protocol keep capability-2026.2
    """
    programme = Programme(context)
    path = Path(protocol)
    if path.suffix in (".yaml", ".yml"):
        name, text = read_protocol_file(path).name, read_file(path).decode("utf-8")
    else:
        from kancil.assessment.protocol_files.library import FOLDER

        name = named_protocol(protocol).name
        text = read_file(FOLDER / f"{name}.yaml").decode("utf-8")
    from kancil.desk.assessment.actions.site import add_protocol_file

    kept = add_protocol_file(by=programme.person, name=name, text=text)
    programme.added("protocol", kept.name, str(kept.title), sha256=kept.sha256)


def signing_key(programme: Programme) -> Signer:
    """Unlock the acting person's own key on this machine; it is made the first time.

    Sealed with the workspace secret. Raises KeyNotFound, KeyLocked, KeyFileExposed, DiskFull.
    """
    from kancil.desk.assessment.own_key import own_key

    return own_key(programme.door.keys, programme.person)


def key_export(context: typer.Context, out: Out) -> None:
    """Export your public key as a signed file, to give to the site.

    Your files of answers are signed with this key. Its private half stays on this machine and
    is made the first time. Give the fingerprint by another channel: aloud, or on paper.

        kancil assess key export -o dara.kancil-key
    """
    programme = Programme(context)
    programme.door.can_write(out)
    person, signer = programme.person, signing_key(programme)
    statement = {
        "fingerprint": fingerprint(signer.public_raw),
        "format": PUBLIC_KEY_FORMAT,
        "name": person.name,
        "officer": person.username,
        "pem": public_pem(signer.public_raw).decode("ascii"),
        "role": person.role,
        "unit": programme.door.workspace.unit.name,
    }
    programme.door.write(out, write_signed(statement, signer))
    key = fingerprint(signer.public_raw)
    value = {"id": key, "path": str(out), "username": person.username}
    programme.show(value, render("done.assess-key-export", path=str(out), key=key))


def key_add(
    context: typer.Context,
    username: Username,
    file: Annotated[
        Path, typer.Argument(help="Their public key, as `assess key export` wrote it.")
    ],
    fingerprint: Annotated[str, typer.Option(help="As its owner gave it by another channel.")],
    compared: Annotated[str, typer.Option(help="By which channel it was compared.")],
) -> None:
    """Add the key with which a team member signs their files of answers.

    From then on files signed with it are imported as theirs. By an administrator, a programme
    officer or a team lead.

        kancil assess key add dara dara.kancil-key --fingerprint SHA256:… --compared 'read aloud'
    """
    programme = Programme(context)
    statement = read_signed(read_file(file), format_name=PUBLIC_KEY_FORMAT, path=str(file))
    require_same_kind(is_training=SITE in statement, at=Site.PROGRAMME, name=file.name)
    from kancil.desk.assessment.actions.site import add_known_key

    id = add_known_key(
        by=programme.person,
        person=programme.account(username).pk,
        public_raw=base64.b64decode(statement["public_key"]),
        stated=fingerprint,
        compared_how=compared,
    )
    programme.added("key", id, username)


def key_end(
    context: typer.Context,
    fingerprint: Annotated[str, typer.Argument(metavar="FINGERPRINT", help="Of the key.")],
) -> None:
    """Import no more files under a key.

    Files under it can no longer be imported; earlier imports stay.

        kancil assess key end SHA256:…
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.site import end_known_key

    end_known_key(by=programme.person, fingerprint=fingerprint)
    programme.done(fingerprint, "done.assess-key-end", key=fingerprint)


def key_list(context: typer.Context) -> None:
    """List the team keys.

    Keys with which team members sign, including ended ones.

        kancil assess key list
    """
    programme = Programme(context)
    from kancil.desk.assessment.queries.site import known_keys

    rows = known_keys(programme.person)
    programme.show(
        [with_id(each, each.fingerprint) for each in rows],
        lambda: programme.door.screen.table(
            ("fingerprint", "user name", "compared by"),
            [(each.fingerprint, each.username, each.compared_how) for each in rows],
        ),
    )
