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
