"""Tables of projects. Projection rows: ids and known times as in ledger.models.ProjectionRow. Texts may be None after 撤除."""

from __future__ import annotations

from django.db import models

from luodi.ledger.fields import ExactDecimalField
from luodi.ledger.models import ProjectionRow


class ProjectVersion(ProjectionRow):
    """From `valid_from`, project `code` has these attributes, all of them (a blank is empty, not unchanged)."""

    code = models.CharField(max_length=80, db_index=True)
    national_code = models.CharField(max_length=24, blank=True)
    name = models.TextField(null=True)
    host = models.CharField(max_length=40, blank=True)
    introducer = models.CharField(max_length=40, blank=True)
    lead_department = models.CharField(max_length=40, blank=True)
    investor = models.TextField(null=True)
    uscc = models.CharField(max_length=18, blank=True)
    origin = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    nature = models.CharField(max_length=10, blank=True)
    industry = models.CharField(max_length=10, blank=True)
    industry_edition = models.CharField(max_length=4, blank=True)
    chain = models.CharField(max_length=80, blank=True)
    contract_kind = models.CharField(max_length=10, blank=True)
    content = models.TextField(null=True)
    total_investment = ExactDecimalField(null=True)  # yuan
    fixed_investment = ExactDecimalField(null=True)  # yuan
    strategic = models.BooleanField(null=True)
    excluded = models.TextField(null=True)
    valid_from = models.DateField()
    attributes = models.JSONField(default=dict)  # what the profile declares beyond these

    def __str__(self) -> str:
        return self.code


class StageEvent(ProjectionRow):
    """Project entered `stage` on `occurred_on` (a claim). `verified_at`: verified by the same fact, as history is; else by a Verdict."""

    project = models.CharField(max_length=80, db_index=True)
    stage = models.CharField(max_length=40)
    occurred_on = models.DateField()
    month_only = models.BooleanField(default=False)  # given as a month alone; the day is the month's last
    verified_at = models.BigIntegerField(null=True)
    evidence = models.JSONField(default=list)  # digests of files
    evidence_note = models.TextField(null=True)
    claimed_by = models.CharField(max_length=40, blank=True)  # unit
    verifier = models.CharField(max_length=200, blank=True)  # units or roles the profile named at the time, ;-joined

    def __str__(self) -> str:
        return f"{self.project} {self.stage} {self.occurred_on}"


class ListEntry(ProjectionRow):
    """Project stands on `list` from `valid_from` until `valid_to` (the first day it no longer does)."""

    project = models.CharField(max_length=80, db_index=True)
    list = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.project} {self.list}"


class YearPlan(ProjectionRow):
    """For `year` (and `month`, 0 for the year's own row) project plans to invest `invest` yuan, start and finish on these days."""

    project = models.CharField(max_length=80, db_index=True)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField(default=0)
    invest = ExactDecimalField(null=True)
    start_on = models.DateField(null=True)
    finish_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.project} {self.year}-{self.month}"


class Note(ProjectionRow):
    """What happened on a project in a period 进展情况."""

    project = models.CharField(max_length=80, db_index=True)
    period = models.CharField(max_length=20)
    progress = models.TextField(null=True)
    problems = models.TextField(null=True)
    next = models.TextField(null=True)
    coordinate = models.TextField(null=True)

    def __str__(self) -> str:
        return f"{self.project} {self.period}"


class Attribution(ProjectionRow):
    """One unit's part in a set: rows of one project, role and measure with one `valid_from`, filed together (`filing`)."""

    project = models.CharField(max_length=80, db_index=True)
    role = models.CharField(max_length=20)  # host, introducer, lead_department
    unit = models.CharField(max_length=40)
    share_num = models.BigIntegerField()
    share_den = models.BigIntegerField(default=1)
    measure = models.CharField(max_length=60, blank=True)
    mode = models.CharField(max_length=10, default="split")  # split, full
    valid_from = models.DateField()
    filing = models.CharField(max_length=64)  # the same on all rows of a set filed together

    def __str__(self) -> str:
        return f"{self.project} {self.role} {self.unit}"
