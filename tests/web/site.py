"""The sample unit's site for tests: a person of each role in case 1, and one who is in none."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kancil.cli.errors import RowsDiffer
from kancil.cli.frame.desk import desk_ledger
from kancil.custody.acting import ActingOfficer
from kancil.custody.keys import KeyRing
from kancil.custody.roll import Roll
from kancil.custody.verdict import NOT_ANCHORED
from kancil.ground.ids import CaseId
from kancil.ground.workspace import Workspace, open_workspace
from tests.cli.running import Unit

if TYPE_CHECKING:
    from django.test import Client

    from kancil.desk.custody.store import DeskLedger
    from kancil.desk.people.models import Person

ROLES = ("officer", "examiner", "supervisor", "administrator", "reader")
OUTSIDER = "outsider"


@dataclass
class Site:
    """A served unit."""

    unit: Unit
    workspace: Workspace
    ledger: DeskLedger
    by: ActingOfficer
    people: dict[str, Person] = field(default_factory=dict)

    def client(self, name: str | None) -> Client:
        """A browser in which that person is signed in."""
        from django.test import Client

        client = Client(headers={"host": "localhost"})
        if name is not None:
            client.force_login(
                self.people[name], "allauth.account.auth_backends.AuthenticationBackend"
            )
        return client

    def add(self, name: str, role: str, *, case: str | None = None) -> Person:
        """Add a person, and make them a member of a case."""
        from kancil.desk.access.actions import add_member
        from kancil.desk.people.actions import add_person
        from kancil.desk.people.models import Role

        person, _ = add_person(username=name, name=name.title(), role=Role(role))
        person.must_change_password = False
        person.save()
        if case is not None:
            add_member(self.ledger, case=self.case(case), username=name, by=self.by, adder=None)
        self.people[name] = person
        return person

    def case(self, name: str) -> CaseId:
        """A case's id."""
        return self.ledger.folded(Roll).case(name).id

    def verify(self) -> Any:
        """Verify the workspace; all that may differ are the people that `add` made."""
        status = RowsDiffer.exit_status
        answer = self.unit.ask("verify", self.unit.root, status=status)
        assert {(row["table"], row["code"]) for row in answer["rows"]} == {("person", "stranger")}
        assert (answer["state"], answer["troubles"], answer["kept"]) == (NOT_ANCHORED, [], [])
        return answer

    def make_clusters(self, chain: str = "main") -> None:
        """Make a chain's clusters, as the work behind the pages does."""
        from kancil.bitcoin.chain.chain import Chain
        from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins
        from kancil.bitcoin.clusters.store import open_clusters
        from kancil.bitcoin.labels.index import LabelIndex

        opened = Chain.open(self.workspace.chains_dir / chain)
        labels = LabelIndex.load(self.workspace.labels_dir, opened.network)
        open_clusters(opened, labels, exclude_coinjoins())

    def entries(self, kind: str) -> list[Any]:
        """List the ledger's entries of a kind."""
        return [entry for entry in self.ledger.entries() if entry.kind == kind]


def site_of(unit: Unit) -> Site:
    """Open a unit's desk, with a server that can sign and people of every role."""
    workspace = open_workspace(Path(unit.root))
    ledger = desk_ledger(workspace)
    from kancil.desk.access.server import ensure_server

    keys = KeyRing(workspace.keys_dir)
    officer = ledger.folded(Roll).officer("O1")
    by = ActingOfficer(officer.id, keys.officer_signer(officer.id))
    ensure_server(ledger, keys, name="Server", vouched_how="test", by=by)
    site = Site(unit, workspace, ledger, by)
    for role in ROLES:
        site.add(role, role, case="C1")
    site.add(OUTSIDER, "officer")
    return site
