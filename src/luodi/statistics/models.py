"""Tables of figures and targets. Projection rows: ids and known times as in ledger.models.ProjectionRow."""

from __future__ import annotations

from django.db import models

from luodi.ledger.fields import ExactDecimalField
from luodi.ledger.models import ProjectionRow


class Figure(ProjectionRow):
    """
    Measure of subject in period is `value` (yuan or persons; None: filed as blank), filed by `unit` on `form`.

    `column`: period (本月) or cumulative (累计), as the form said when it was filed. `accepted_at`: accepted by the same
    fact, as history is; else by a Verdict on the row or on its whole fact.
    """

    subject = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=8)  # project, unit
    measure = models.CharField(max_length=60)
    period = models.CharField(max_length=20)
    period_first = models.DateField()
    period_last = models.DateField()
    value = ExactDecimalField(null=True)
    column = models.CharField(max_length=10, default="period")
    form = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    accepted_at = models.BigIntegerField(null=True)
    foreign_amount = ExactDecimalField(null=True)
    foreign_currency = models.CharField(max_length=3, blank=True)
    rate = ExactDecimalField(null=True)
    rate_on = models.DateField(null=True)
    evidence = models.JSONField(default=list)  # digests of files
    evidence_kinds = models.JSONField(default=list)  # the kind of each, as the profile names them

    class Meta:
        indexes = [models.Index(fields=["subject", "measure", "period_first"]), models.Index(fields=["form", "period"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.measure} {self.period}"


class Target(ProjectionRow):
    """Unit is to reach `value` of `indicator` in `period`. `kind`: guaranteed, striving; `source`: above, own."""

    unit = models.CharField(max_length=40, db_index=True)
    indicator = models.CharField(max_length=60)
    period = models.CharField(max_length=20)
    value = ExactDecimalField(null=True)
    kind = models.CharField(max_length=10, default="guaranteed")
    source = models.CharField(max_length=10, default="above")

    def __str__(self) -> str:
        return f"{self.unit} {self.indicator} {self.period}"


class Submission(ProjectionRow):
    """
    A unit submitted a form for a period: place 0 of its fact, the figures and notes follow.

    `steps`: who accepts, in order, as unit codes resolved when it was filed. `whole`: every owed cell (false: only what was reopened).
    Personal: head, statistician, filler, telephone (erasable).
    """

    form = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    unit = models.CharField(max_length=40, db_index=True)
    whole = models.BooleanField(default=True)
    steps = models.JSONField(default=list)
    asked = models.IntegerField(default=0)  # cells owed
    known = models.IntegerField(default=0)  # cells beside them that the system filled in beforehand (K3)
    head = models.TextField(null=True)
    statistician = models.TextField(null=True)
    filler = models.TextField(null=True)
    telephone = models.TextField(null=True)
    filled_on = models.DateField(null=True)
    scan = models.CharField(max_length=64, blank=True)  # evidence digest of the stamped sheet

    class Meta:
        indexes = [models.Index(fields=["form", "period", "unit"])]

    def __str__(self) -> str:
        return f"{self.form} {self.period} {self.unit}"


class Reopening(ProjectionRow):
    """One cell of an accepted submission is to be filed again; it keeps its value until replaced."""

    form = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    unit = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=80)
    measure = models.CharField(max_length=60)
    due_on = models.DateField(null=True)
    reason = models.TextField(null=True)

    def __str__(self) -> str:
        return f"{self.subject} {self.measure} {self.period}"


class Explanation(ProjectionRow):
    """Somebody explained a finding; it stays quiet while `fingerprint` (the values it spoke of) stays the same."""

    finding = models.CharField(max_length=64, db_index=True)
    fingerprint = models.CharField(max_length=64)
    check_id = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    period = models.CharField(max_length=20)
    unit = models.CharField(max_length=40, blank=True)
    words = models.TextField(null=True)

    def __str__(self) -> str:
        return f"{self.check_id} {self.subject} {self.period}"


class Breakdown(ProjectionRow):
    """A unit's target was split; where the parts don't add up, why not."""

    unit = models.CharField(max_length=40)
    indicator = models.CharField(max_length=60)
    period = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    source = models.CharField(max_length=10)
    whole = ExactDecimalField(null=True)
    parts = ExactDecimalField(null=True)
    reason = models.TextField(null=True)

    def __str__(self) -> str:
        return f"{self.unit} {self.indicator} {self.period}"


class Draft(models.Model):
    """
    What a unit is still writing: not a fact, overwritten as often as needed. Personal: the names in `signatories`.

    `cells` is {"subject|measure": text as typed}; `state` the last hand inside the unit: fill, check, sign.
    `edition` counts saves, so that two people writing at once see each other's.
    """

    form = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    unit = models.CharField(max_length=40)
    cells = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)  # per cell: [edition, person] of its last change
    notes = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)  # per cell: [kind, digest, person] of each file attached
    signatories = models.JSONField(default=dict)
    scan = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, default="fill")
    hands = models.JSONField(default=list)  # [state, person, instant] of each step taken
    edition = models.PositiveIntegerField(default=0)
    changed_at = models.BigIntegerField(default=0)
    changed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "period", "unit"], name="one_draft_per_form")]

    def __str__(self) -> str:
        return f"draft {self.form} {self.period} {self.unit}"


# Working tables and forms of the moment have files of their own; Django finds them through this one.
from luodi.statistics import models_moment, models_parts  # noqa: E402, F401
