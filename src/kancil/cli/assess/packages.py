"""Commands for packages: those of either site, and what a programme's site does with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.cli.frame.figures import show_figures, tables_value
from kancil.cli.programme.door import Programme, chosen, with_id
from kancil.cli.unit.officers import Reason
from kancil.cli.unit.packages import list_unit_packages, show_unit_package
from kancil.ground.days import span
from kancil.ground.files import read_file
from kancil.ground.plain import plain
from kancil.ground.words import render

if TYPE_CHECKING:
    from kancil.desk.packages.queries import Received

PackageName = Annotated[str, typer.Argument(metavar="PACKAGE", help="Id of the package.")]
Fingerprint = Annotated[str, typer.Argument(metavar="FINGERPRINT", help="SHA256:… of the key.")]


def list_packages(context: typer.Context) -> None:
    """List packages of figures: made on a unit's site, imported on a programme's.

    On a unit's site the packages that were made, and the drafts that wait for a review; on a
    programme's site those that were imported, and whether they count.

        kancil package list
    """
    door = Door(context, site=None)
    if door.workspace.site.holds_cases:
        list_unit_packages(door)
        return
    programme = Programme(context)
    from kancil.desk.packages.queries import received_packages

    rows = received_packages(programme.person)
    columns = ("package-id", "package-state", "package-site", "addressee-country", "package-period")
    programme.show(
        [received_value(each) for each in rows],
        lambda: programme.door.screen.table(
            [render(f"column.{each}") for each in columns],
            [
                (
                    each.package.id, render(f"name.package-{each.standing}"), each.site,
                    each.country, span(each.package.period.since, each.package.period.until),
                )
                for each in rows
            ],
        ),
    )  # fmt: skip


def show_package(context: typer.Context, package: PackageName) -> None:
    """Show all that a package of figures says.

    All that the package says, to the letter: its tables, and nothing else is in it.

        kancil package show ID
    """
    door = Door(context, site=None)
    if door.workspace.site.holds_cases:
        show_unit_package(door, package)
        return
    programme = Programme(context)
    from kancil.desk.packages.queries import received_package

    found = received_package(programme.person, package)
    tables = found.package.tables
    value = {**received_value(found), "tables": tables_value(tables)}
    programme.show(value, lambda: show_figures(programme.door, tables))


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A .kancil-package file.")],
) -> None:
    """Import a package of figures that another site made.

    By an administrator or a programme officer. The key that signed it must be trusted: see
    kancil package trust. The same file again changes nothing.

        kancil package import figures.kancil-package
    """
    programme = Programme(context)
    from kancil.desk.packages.actions import import_package

    done = import_package(by=programme.person, data=read_file(file), path=file.name)
    value = {**received_value(done.received), "is_new": done.is_new}
    key = "done.package-imported" if done.is_new else "done.package-known"
    programme.show(value, render(key, site=done.received.site, id=done.received.package.id))


def trust(
    context: typer.Context,
    fingerprint: Fingerprint,
    name: Annotated[str, typer.Option(help="Whose key it is.")],
    country: Annotated[str, typer.Option(help="The site's country, two letters: LA.")],
    compared: Annotated[str, typer.Option(help="By which channel the fingerprint was compared.")],
    kind: Annotated[str, typer.Option(help="unit, programme or classroom.")] = "unit",
) -> None:
    """Trust the key with which another site signs its packages.

    Compare the fingerprint first, aloud or on paper: the file cannot say whose key it is. By an
    administrator or a programme officer.

        kancil package trust SHA256:… --name 'Unit of Laos' --country LA --compared 'read aloud'
    """
    programme = Programme(context)
    from kancil.desk.packages.actions import trust_site
    from kancil.records.package import SiteKind

    chosen(kind, [each.value for each in SiteKind], "--kind")
    id = trust_site(
        by=programme.person, fingerprint=fingerprint, name=name, kind=kind, country=country,
        compared_how=compared,
    )  # fmt: skip
    programme.done(id, "done.package-trusted", name=name, key=id)


def end_key(context: typer.Context, fingerprint: Fingerprint) -> None:
    """Import no more packages under a key.

    Packages that were imported before stay.

        kancil package end-key SHA256:…
    """
    programme = Programme(context)
    from kancil.desk.packages.actions import end_site_key

    end_site_key(by=programme.person, fingerprint=fingerprint)
    programme.done(fingerprint, "done.package-key-ended", key=fingerprint)


def list_keys(context: typer.Context) -> None:
    """List the keys of other sites.

    Keys of other sites, including ended ones.

        kancil package keys
    """
    programme = Programme(context)
    from kancil.desk.packages.queries import trusted_keys

    rows = trusted_keys(programme.person)
    columns = ("package-fingerprint", "package-site", "addressee-country", "package-compared")
    programme.show(
        [with_id(each, each.fingerprint) for each in rows],
        lambda: programme.door.screen.table(
            [render(f"column.{each}") for each in columns],
            [(each.fingerprint, each.name, each.country, each.compared_how) for each in rows],
        ),
    )


def withdraw(context: typer.Context, package: PackageName, reason: Reason) -> None:
    """Let an imported package count no more.

    At the word of the site that made it. It stays readable, and counts in no figure.

        kancil package withdraw ID --reason 'the unit counted twice'
    """
    programme = Programme(context)
    from kancil.desk.packages.actions import withdraw_package

    withdraw_package(by=programme.person, package=package, reason=reason)
    programme.done(package, "done.package-withdrawn")


def received_value(found: Received) -> dict[str, Any]:
    """A package for `--json`, without its tables."""
    value = plain(found)
    package = value.pop("package")
    del package["tables"]
    return {**package, **value, "state": found.standing.value}
