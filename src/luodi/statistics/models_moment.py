"""Forms of the moment 临时报表: tables of what was sent, filed, sent back, ended. Projection rows as in ledger.models.ProjectionRow."""

from __future__ import annotations

from django.db import models

from luodi.ledger.models import ProjectionRow


class MomentForm(ProjectionRow):
    """
    A form sent by `unit`: place 0 of its fact; its columns and who owes it follow. Nothing personal; may leave in an export.

    `subject`: unit (one row each) or project (a row for each of the unit's projects). `due_on` is asked for, after `closes_on` it ends.
    """

    title = models.TextField(null=True)
    unit = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=8)
    sent_on = models.DateField()
    due_on = models.DateField()
    closes_on = models.DateField()
    basis = models.TextField(null=True)
    number = models.TextField(null=True)  # 表号; without one it prints 内部工作调度表
    note = models.TextField(null=True)

    def __str__(self) -> str:
        return f"{self.unit} {self.title}"


class MomentColumn(ProjectionRow):
    """A column of the form `target`. `known`: where the ledger fills it from; then nobody is asked. Nothing personal."""

    target = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=20)
    label = models.TextField(null=True)
    type = models.CharField(max_length=10)
    filed_in = models.CharField(max_length=10, blank=True)
    required = models.BooleanField(default=False)
    choices = models.JSONField(default=list)
    known = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.target} {self.name} {self.label}"


class MomentOwed(ProjectionRow):
    """A unit owes the form `target`, with a row for each of `subjects`. Nothing personal."""

    target = models.BigIntegerField(db_index=True)
    unit = models.CharField(max_length=40, db_index=True)
    subjects = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.target} {self.unit}"


class MomentReturn(ProjectionRow):
    """A unit filed the form `target`: place 0 of its fact; the cells follow. Personal: filler, telephone (erasable)."""

    target = models.BigIntegerField(db_index=True)
    unit = models.CharField(max_length=40, db_index=True)
    asked = models.IntegerField(default=0)
    known = models.IntegerField(default=0)  # cells the system filled
    filler = models.TextField(null=True)
    telephone = models.TextField(null=True)

    def __str__(self) -> str:
        return f"{self.target} {self.unit}"


class MomentCell(ProjectionRow):
    """A cell of a return of the form `target`: words as filed (erasable, may be personal), missing is null."""

    target = models.BigIntegerField(db_index=True)
    subject = models.CharField(max_length=80)
    name = models.CharField(max_length=20)
    value = models.TextField(null=True)

    def __str__(self) -> str:
        return f"{self.target} {self.subject} {self.name}"


class MomentEvent(ProjectionRow):
    """Something done with the form `target`: reminded, sent_back (a unit's return), ended, regular. Nothing personal."""

    target = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10)
    unit = models.CharField(max_length=40, blank=True)
    words = models.TextField(null=True)

    def __str__(self) -> str:
        return f"{self.target} {self.kind} {self.unit}"
