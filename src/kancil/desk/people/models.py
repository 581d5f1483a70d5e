"""Accounts of a site, and memberships of cases.

An account is a way in; an officer is who the ledger knows. An account of the roles that act has an
officer, whose key opens with the officer's own passphrase; a reader has none.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from kancil.ground.workspace import Site


class Role(models.TextChoices):
    """What a person may do; the words are `web.role-<value>`."""

    OFFICER = "officer"
    EXAMINER = "examiner"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    READER = "reader"
    """A prosecutor: reads and verifies the cases they are a member of, changes nothing."""
    DECONFLICTION = "deconfliction"
    """Sees that two cases name one selector, and nothing more of any case."""
    ASSESSOR = "assessor"
    TEAM_LEAD = "team-lead"
    FOCAL_POINT = "focal-point"
    """A country's own: sees that country alone."""
    PROGRAMME_OFFICER = "programme-officer"
    MINISTRY = "ministry"
    """A ministry or agency of a country: comments, corrects, brings evidence; decides nothing."""
    REVIEWER = "reviewer"
    DONOR_READER = "donor-reader"
    """Reads what countries have released, changes nothing."""
    FINANCE = "finance"
    """Keeps donors, grants, budgets, rates and spending of a programme; sees no people."""
    TRAINER = "trainer"
    """Of a classroom: gives labs to classes, reads every attempt, marks."""
    TRAINEE = "trainee"
    """Of a classroom: works labs in cases of their own, with an examiner's tools."""


UNIT_ROLES = frozenset(
    {
        Role.OFFICER, Role.EXAMINER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.READER,
        Role.DECONFLICTION,
    }
)  # fmt: skip
TRAINING_ROLES = frozenset({Role.TRAINER, Role.TRAINEE})
"""Of a classroom alone."""
CASE_ROLES = UNIT_ROLES - {Role.DECONFLICTION} | TRAINING_ROLES
"""Roles whose people may be members of cases."""
PROGRAMME_ROLES = frozenset(Role) - UNIT_ROLES - TRAINING_ROLES | {Role.ADMINISTRATOR}
ROLES_OF = {
    Site.UNIT: UNIT_ROLES,
    Site.PROGRAMME: PROGRAMME_ROLES,
    Site.CLASSROOM: UNIT_ROLES | TRAINING_ROLES,
}
"""Roles that accounts of a site may have."""


class People(BaseUserManager["Person"]):
    """How accounts are found at sign-in."""


class Person(AbstractBaseUser):
    """An account."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=24, choices=Role.choices)
    officer = models.CharField(max_length=36, null=True, unique=True)
    """Officer's id in the ledger."""
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    needs_second_factor = models.BooleanField(default=False)
    """TOTP or a passkey is required of the role: of administrators always, bar an exception."""
    language = models.CharField(max_length=12, blank=True, default="")
    theme = models.CharField(max_length=8, blank=True, default="")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = People()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        """By name."""

        db_table = "person"
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def acts(self) -> bool:
        """Whether the person may change anything."""
        return self.role not in (Role.READER, Role.DONOR_READER, Role.DECONFLICTION)


class Membership(models.Model):
    """A person's access to a case."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    case_id = models.CharField(max_length=36, db_index=True)
    """Id of the case; cases stand on a floor above."""
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One a person and case."""

        db_table = "membership"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "case_id"], name="membership_once")
        ]


class CaseOpening(models.Model):
    """That a person opened a case since they signed in; the ledger has the entry."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    case_id = models.CharField(max_length=36)
    session = models.CharField(max_length=64)
    """SHA-256 of the session's key, which itself is a secret."""
    n = models.BigIntegerField()

    class Meta:
        """One a person, case and sign-in."""

        db_table = "case_opening"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "case_id", "session"], name="case_opening_once"
            )
        ]


class KeyTry(models.Model):
    """A passphrase that did not open an officer's key on the site; what was tried is never kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="key_tries")
    """Who was signed in."""
    officer = models.CharField(max_length=36, db_index=True)
    """Whose key it was: an officer's id in the ledger."""
    tried_at = models.DateTimeField(db_index=True)
    counts = models.BooleanField(default=True)
    """Until the same person opens the same key."""
    locked = models.BooleanField(default=False)
    """It was the last one that was free: key or account is locked for a while after it."""

    class Meta:
        """The newest first."""

        db_table = "key_try"
        ordering: ClassVar = ["-tried_at", "-id"]


class Token(models.Model):
    """A way into the HTTP API that a person made for themselves; what was made is never removed."""

    id = models.CharField(primary_key=True, max_length=36)
    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    """What it is for, in the person's words."""
    sha256 = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token, which itself is a secret and is kept nowhere."""
    may_write = models.BooleanField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """When the person, or whoever gave them a new password, ended it."""
    last_used_at = models.DateTimeField(null=True)
    """To the minute."""

    class Meta:
        """The newest first."""

        db_table = "token"
        ordering: ClassVar = ["-made_at", "-id"]
