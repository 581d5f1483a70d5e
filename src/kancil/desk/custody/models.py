"""Tables of the ledger: entries as bytes, and where the ledger ends.

Only `data` is normative (docs/formats/ledger.md); everything beside it is derived and checked by
`derived_faults`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class LedgerEntry(models.Model):
    """One entry: its bytes, and where it stands."""

    n = models.BigIntegerField(primary_key=True)
    hash = models.BinaryField(max_length=32)
    data = models.BinaryField()
    kind = models.TextField()
    case_id = models.TextField(null=True)
    case_n = models.BigIntegerField(null=True)
    exhibit_id = models.TextField(null=True)
    exhibit_n = models.BigIntegerField(null=True)

    class Meta:
        """Places within a case and an exhibit are taken once."""

        db_table = "ledger_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_id", "case_n"], name="ledger_entry_case"),
            models.UniqueConstraint(
                fields=["exhibit_id", "exhibit_n"], name="ledger_entry_exhibit"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case_id", "kind"], name="ledger_entry_case_kind"),
        ]


class LedgerHead(models.Model):
    """The one row whose lock is the head lock."""

    one = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)
    edge = models.BinaryField()
    """Right edge of the Merkle tree."""

    class Meta:
        """One row and no more."""

        db_table = "ledger_head"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(one=1), name="ledger_head_one")
        ]
