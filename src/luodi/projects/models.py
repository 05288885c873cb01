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
    evidence_kinds = models.JSONField(default=list)  # the kind of each, as the profile names them
    evidence_note = models.TextField(null=True)
    claimed_by = models.CharField(max_length=40, blank=True)  # unit
    verifier = models.CharField(max_length=200, blank=True)  # units or roles the profile named at the time, ;-joined
    other_unit = models.BooleanField(default=False)  # the profile asked that another unit than the claimant's verify

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


class Node(ProjectionRow):
    """A key node 节点 of a project. `baseline_on` is the day first promised and stays; the row's id is the node's."""

    project = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=40, blank=True)  # a node kind of the profile, or blank
    name = models.CharField(max_length=200)
    baseline_on = models.DateField()
    owner = models.CharField(max_length=40, blank=True)  # unit
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.project} {self.name}"


class NodeEvent(ProjectionRow):
    """A node's plan was moved to `day` (`planned`), it was reached on `day` (`actual`), or it is no longer needed (`dropped`)."""

    project = models.CharField(max_length=80, db_index=True)
    node = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10)
    day = models.DateField(null=True)
    reason_kind = models.CharField(max_length=40, blank=True)
    reason = models.TextField(null=True)
    evidence = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.node} {self.kind} {self.day}"


class Excuse(ProjectionRow):
    """A proper reason 正当理由 asked for one light from `valid_from` until `valid_to`; it holds once a Verdict verifies it."""

    project = models.CharField(max_length=80, db_index=True)
    light = models.CharField(max_length=40)  # a light rule of the profile
    valid_from = models.DateField()
    valid_to = models.DateField()  # the first day it no longer holds
    reason_kind = models.CharField(max_length=40, blank=True)
    reason = models.TextField(null=True)
    evidence = models.JSONField(default=list)
    asked_by = models.CharField(max_length=40, blank=True)  # unit

    def __str__(self) -> str:
        return f"{self.project} {self.light}"


class ProjectProblem(ProjectionRow):
    """A problem 难题 of a project: what it is, the unit that must settle it, by when. The row's id is the problem's."""

    project = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=40, blank=True)
    title = models.TextField(null=True)
    raised_by = models.CharField(max_length=40, blank=True)  # unit
    owner = models.CharField(max_length=40, db_index=True)  # unit
    raised_on = models.DateField()
    due_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.project} {self.id}"


class ProblemEvent(ProjectionRow):
    """
    Something happened to a problem: `settled` (claimed by its owner; closed once a Verdict verifies this very row),
    `moved` (due day and, with it, owner change), `reported` (a step on the way).
    """

    project = models.CharField(max_length=80, db_index=True)
    problem = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10)
    unit = models.CharField(max_length=40, blank=True)
    owner = models.CharField(max_length=40, blank=True)
    due_on = models.DateField(null=True)
    words = models.TextField(null=True)
    evidence = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.problem} {self.kind}"


class Duty(ProjectionRow):
    """
    `holder` (a person's id, or a unit for a team) has `duty` for a project from `valid_from` until `valid_to`.

    The same (project, duty, holder, valid_from) again supersedes: that is how a duty ends.
    """

    project = models.CharField(max_length=80, db_index=True)
    duty = models.CharField(max_length=20)  # sponsor, secretary, team, helper
    holder = models.CharField(max_length=80, db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reason = models.TextField(null=True)

    def __str__(self) -> str:
        return f"{self.project} {self.duty} {self.holder}"


class ProjectMerge(ProjectionRow):
    """`project` turned out to be the same as `into`: its rows in force were voided and, where they count, filed again there."""

    project = models.CharField(max_length=80, db_index=True)
    into = models.CharField(max_length=80, db_index=True)
    reason = models.TextField(null=True)

    def __str__(self) -> str:
        return f"{self.project} -> {self.into}"
