"""Tables of assessments. Nothing that was said is changed or removed: what is newer stands after.

Times are aware UTC. Lists that nobody asks the database about are JSON. Digests are SHA-256 in
lower-case hex.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.ids import new_id


class Country(models.Model):
    """A country of the programme, or an invented one for practice."""

    code = models.CharField(primary_key=True, max_length=3)
    """ISO 3166-1 alpha-3; an invented one begins with X."""
    name = models.CharField(max_length=100)
    region = models.CharField(max_length=40)
    is_invented = models.BooleanField(default=False)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """By name."""

        db_table = "country"
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        """The name."""
        return self.name


class FocalCountry(models.Model):
    """A country that a focal point or a donor reader may see."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="focal_countries")
    country = models.ForeignKey(Country, models.PROTECT, related_name="focal_points")
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One a person and country."""

        db_table = "focal_country"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "country"], name="focal_country_once")
        ]


class ProtocolFile(models.Model):
    """A protocol as this site uses it, kept to the byte: last year's result comes out again."""

    name = models.CharField(primary_key=True, max_length=80)
    """`capability-2026.1`."""
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    shape = models.CharField(max_length=16)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """By name."""

        db_table = "protocol_file"
        ordering: ClassVar = ["name"]


class Round(models.Model):
    """One assessment of a country in a period, by a team, on one or more protocols."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, related_name="rounds")
    title = models.CharField(max_length=200)
    scope = models.TextField(blank=True, default="")
    period_from = models.DateField()
    period_to = models.DateField()
    protocols = models.ManyToManyField(ProtocolFile, related_name="rounds")
    older = models.ForeignKey("self", models.PROTECT, null=True, related_name="newer")
    """The round it is compared with."""
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """When the team lead closed it; nothing is answered after."""

    class Meta:
        """The newest first."""

        db_table = "round"
        ordering: ClassVar = ["-period_to", "-opened_at"]


class Part(models.TextChoices):
    """What a person does in a round; the words are `web.part.<value>`."""

    LEAD = "lead"
    ASSESSOR = "assessor"
    REVIEWER = "reviewer"
    """Reads and comments; sees no interview."""


class TeamMember(models.Model):
    """A person's part in a round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="team")
    person = models.ForeignKey(Person, models.PROTECT, related_name="rounds")
    part = models.CharField(max_length=10, choices=Part.choices)
    areas = models.JSONField(default=list)
    """Areas she owes answers for, `protocol:area`; empty: all."""
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One a round and person."""

        db_table = "team_member"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "person"], name="team_member_once")
        ]


class Respondent(models.Model):
    """An institution that answers in a round; never a person's name."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="respondents")
    organisation = models.CharField(max_length=200)
    sector = models.CharField(max_length=40)
    office = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        """By organisation."""

        db_table = "respondent"
        ordering: ClassVar = ["organisation"]


class Interview(models.Model):
    """An interview: only its author and the team lead ever see what stands here."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="interviews")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    held_on = models.DateField()
    people_count = models.PositiveIntegerField()
    group = models.CharField(max_length=200)
    """Whom, in words that name nobody."""
    consent = models.CharField(max_length=500)
    """How consent was given, and to what."""
    notes = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "interview"
        ordering: ClassVar = ["-held_on"]


class StatuteExtract(models.Model):
    """One piece of a country's law, which serves all related articles."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, related_name="extracts")
    law = models.CharField(max_length=300)
    citation = models.CharField(max_length=300)
    """Number, gazette, date."""
    article = models.CharField(max_length=60)
    text = models.TextField()
    language = models.CharField(max_length=12)
    translation = models.TextField(blank=True, default="")
    translated_by = models.CharField(max_length=200, blank=True, default="")
    in_force_on = models.DateField(null=True)
    source = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    """Of the file it was taken from."""
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        """By law and article."""

        db_table = "statute_extract"
        ordering: ClassVar = ["law", "article"]


class EvidenceItem(models.Model):
    """One thing that answers rest on; its file, if any, lies in the site's store by its digest."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="evidence")
    grade = models.CharField(max_length=8)
    kind = models.CharField(max_length=16)
    """`document`, `data`, `statute`, `interview`, `observation`."""
    title = models.CharField(max_length=300)
    reference = models.CharField(max_length=500, blank=True, default="")
    dated = models.DateField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    size_bytes = models.BigIntegerField(null=True)
    file_name = models.CharField(max_length=255, blank=True, default="")
    interview = models.ForeignKey(Interview, models.PROTECT, null=True, related_name="evidence")
    """Whose record it is; null for one that came in by a file, which never carries interviews."""
    extract = models.ForeignKey(StatuteExtract, models.PROTECT, null=True, related_name="evidence")
    withheld = models.CharField(max_length=300, blank=True, default="")
    """Why it is withheld from reports; empty: it is not."""
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        """By grade and title."""

        db_table = "evidence_item"
        ordering: ClassVar = ["grade", "title"]


class Answer(models.Model):
    """What one assessor said of one indicator; a newer one of hers stands beside it."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="answers")
    protocol = models.CharField(max_length=80)
    indicator = models.CharField(max_length=60)
    author = models.ForeignKey(Person, models.PROTECT, related_name="answers")
    author_key = models.CharField(max_length=60, blank=True, default="")
    """Fingerprint of the key that signed the file it came in by; empty: given on this site."""
    given = models.JSONField(null=True)
    """`{"kind", "value", "reason"}` or null."""
    parts = models.JSONField(default=dict)
    confidence = models.CharField(max_length=8)
    comment = models.TextField(blank=True, default="")
    evidence = models.ManyToManyField(EvidenceItem, related_name="answers")
    at = models.DateTimeField()
    """When it was given, by the clock of the machine it was given on."""
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    """The author's answer that it was written over; two that follow the same one are a conflict."""
    also = models.JSONField(default=list)
    """Ids of further answers of hers that it stands over too: how she ended a conflict."""
    is_latest = models.BooleanField(default=True)
    """No answer of the author's stands over it; two that are latest are a conflict."""

    class Meta:
        """The older first."""

        db_table = "answer"
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["round", "protocol", "is_latest"], name="answer_latest")
        ]


class Settlement(models.Model):
    """That two assessors agreed on an answer, recorded their dispute, or opened it again."""

    class Kind(models.TextChoices):
        """What was settled; the words are `web.settlement.<value>`."""

        AGREED = "agreed"
        DISPUTED = "disputed"
        REOPENED = "reopened"

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="settlements")
    protocol = models.CharField(max_length=80)
    indicator = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True, default="")
    covers = models.JSONField(default=list)
    """Ids of the answers that stood when it was made; once others stand, it counts no more."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_latest = models.BooleanField(default=True)

    class Meta:
        """The older first."""

        db_table = "settlement"
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["round", "protocol", "is_latest"], name="settlement_latest")
        ]


class LegalSignature(models.Model):
    """That a lawyer admitted in the country signed the legal matrix as it then was."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="signatures")
    protocol = models.CharField(max_length=80)
    lawyer = models.CharField(max_length=200)
    admitted = models.CharField(max_length=300)
    """Where, since when, under which number."""
    matrix_sha256 = models.CharField(max_length=64)
    """Of the canonical JSON of the matrix she read; another matrix is draft again."""
    signed_on = models.DateField(null=True)
    """Null: it was recorded before the day was asked for."""
    sha256 = models.CharField(max_length=64, blank=True, default="")
    """Of the file kept of the signed paper; empty: there is none."""
    file_name = models.CharField(max_length=255, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "legal_signature"
        ordering: ClassVar = ["-at"]


class InstrumentStatus(models.Model):
    """Where a country stands with an instrument, as of a date and by a source."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, related_name="instruments")
    instrument = models.CharField(max_length=40)
    signed_on = models.DateField(null=True)
    consent = models.CharField(max_length=20, blank=True, default="")
    """`ratified`, `acceded`, `accepted`, `approved`, `succeeded`, `none`; empty: not known."""
    consent_on = models.DateField(null=True)
    in_force_on = models.DateField(null=True)
    reservations = models.TextField(blank=True, default="")
    declarations = models.TextField(blank=True, default="")
    authorities = models.TextField(blank=True, default="")
    as_of = models.DateField()
    source = models.CharField(max_length=500)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """Nobody: it came with the packaged data."""
    at = models.DateTimeField()
    is_latest = models.BooleanField(default=True)

    class Meta:
        """The newest first."""

        db_table = "instrument_status"
        ordering: ClassVar = ["instrument", "-as_of"]


class RoadStep(models.Model):
    """One step on the way to ratification or to a law."""

    class Stage(models.TextChoices):
        """The words are `web.road.<value>`."""

        POLICY = "policy"
        BILL = "bill"
        COMMITTEE = "committee"
        ADOPTION = "adoption"
        DEPOSIT = "deposit"
        ENTRY_INTO_FORCE = "entry-into-force"

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="road")
    subject = models.CharField(max_length=200)
    """The instrument or the law."""
    instrument = models.CharField(max_length=40, blank=True, default="")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    owner = models.CharField(max_length=200)
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    note = models.TextField(blank=True, default="")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        """By subject, in order."""

        db_table = "road_step"
        ordering: ClassVar = ["subject", "position", "id"]


class GapWish(models.Model):
    """What people set for one gap: target, the country's choice, how soon it can be done."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="wishes")
    protocol = models.CharField(max_length=80)
    indicator = models.CharField(max_length=60)
    target = models.IntegerField(null=True)
    choice = models.PositiveSmallIntegerField(default=1)
    """`assessment.plan.Choice`."""
    reason = models.TextField(blank=True, default="")
    feasibility = models.PositiveSmallIntegerField(default=2)
    """`assessment.plan.Feasibility`."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """One a round and indicator."""

        db_table = "gap_wish"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "protocol", "indicator"], name="gap_wish_once")
        ]


class PlanItem(models.Model):
    """One item of a costed plan."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="plan")
    title = models.CharField(max_length=300)
    protocol = models.CharField(max_length=80)
    indicators = models.JSONField(default=list)
    assistance = models.CharField(max_length=40)
    concepts = models.JSONField(default=list)
    owner = models.CharField(max_length=200)
    partner = models.CharField(max_length=200, blank=True, default="")
    donor = models.CharField(max_length=200, blank=True, default="")
    begins_on = models.DateField(null=True)
    months = models.PositiveIntegerField(default=1)
    cost_minor = models.BigIntegerField(null=True)
    """In hundredths of the currency; null: not costed."""
    currency = models.CharField(max_length=3, blank=True, default="")
    cost_basis = models.CharField(max_length=300, blank=True, default="")
    """How the cost was reckoned."""
    success = models.CharField(max_length=500)
    """By what it is seen that it worked."""
    to_security_forces = models.BooleanField(default=False)
    not_forces_reason = models.TextField(blank=True, default="")
    """Why it is no support to police or security forces, where its gaps or its kind look so."""
    state = models.CharField(max_length=10, default="proposed")
    """`assessment.plan.ItemState`."""
    state_reason = models.TextField(blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    position_reason = models.CharField(max_length=500, blank=True, default="")
    """Why it stands elsewhere than suggested."""
    depends_on = models.ManyToManyField("self", symmetrical=False, related_name="needed_by")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """In order."""

        db_table = "plan_item"
        ordering: ClassVar = ["position", "at", "id"]


class DueDiligence(models.Model):
    """A Human Rights Due Diligence record of a plan's item; a newer one stands after."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    item = models.ForeignKey(PlanItem, models.PROTECT, related_name="diligence")
    risk = models.TextField()
    mitigation = models.TextField()
    decision = models.CharField(max_length=24)
    """`proceed`, `proceed-with-conditions`, `refuse`."""
    decided_by = models.CharField(max_length=200)
    review_on = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "due_diligence"
        ordering: ClassVar = ["-at"]


class Body(models.Model):
    """A body of the cross-government response: who is responsible, and how often it meets."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, related_name="bodies")
    name = models.CharField(max_length=200)
    sector = models.CharField(max_length=40)
    responsible = models.CharField(max_length=200)
    """An office, not a person."""
    mandate = models.CharField(max_length=500, blank=True, default="")
    meets_every_months = models.PositiveIntegerField(null=True)
    last_met_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        """By sector and name."""

        db_table = "board_body"
        ordering: ClassVar = ["sector", "name"]


class Matter(models.Model):
    """What is open before a body."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="matters")
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=200)
    due_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """Open ones first, by date."""

        db_table = "board_matter"
        ordering: ClassVar = ["closed_on", "due_on", "title"]


class Release(models.Model):
    """That a named official released a document, as it was, to the programme's readers."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="releases")
    document = models.CharField(max_length=20)
    """`country`, `brief`, `comparison`: what may be shown."""
    official = models.CharField(max_length=200)
    office = models.CharField(max_length=300)
    released_on = models.DateField()
    sha256 = models.CharField(max_length=64)
    """Of what was released; the file lies in the site's store."""
    file_name = models.CharField(max_length=120)
    figures = models.JSONField(default=dict)
    """What a regional comparison may show of it."""
    stood = models.JSONField(default=dict)
    """How the round stood when it was recorded, as `queries.stood` writes it; empty: an older one,
    of which that was not kept."""
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "release"
        ordering: ClassVar = ["-at"]


class KnownKey(models.Model):
    """A key under which a colleague's laptop signs the files it sends."""

    fingerprint = models.CharField(primary_key=True, max_length=60)
    public_raw = models.CharField(max_length=64)
    """Hex of the 32 bytes."""
    person = models.ForeignKey(Person, models.PROTECT, related_name="keys")
    """Whose answers files under it may bring."""
    compared_how = models.CharField(max_length=300)
    """By which other road its fingerprint was compared."""
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """By person."""

        db_table = "known_key"
        ordering: ClassVar = ["person__name"]


class Act(models.Model):
    """That somebody did something: the site's own record, which no page changes."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """Nobody: a command on the machine."""
    kind = models.CharField(max_length=40)
    """`round.opened`, `answer.given`, `release.recorded` …; the words are `web.acted.<kind>`."""
    country = models.CharField(max_length=3, blank=True, default="")
    round = models.CharField(max_length=36, blank=True, default="")
    about = models.CharField(max_length=200, blank=True, default="")
    """Indicator, item or document; never what an interview says."""
    details = models.JSONField(default=dict)

    class Meta:
        """The newest first."""

        db_table = "programme_act"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["round"], name="programme_act_round")]
