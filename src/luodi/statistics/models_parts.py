"""Working tables beside drafts: files that came back, who gets which row. Not facts: gone when the form is submitted."""

from __future__ import annotations

from django.db import models


class DraftPart(models.Model):
    """
    A workbook that was uploaded into a draft. Personal: `by`. Confidential like the draft; never leaves in an export.

    `content` is the file itself, so that it can be handed back marked; `cells`, `base`, `settled` as in values.asking.Part;
    `faults` is [row, column, header, code, params, blocking] of each thing found wrong; `sheet` where.
    """

    form = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    unit = models.CharField(max_length=40)
    part = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=80)
    at = models.BigIntegerField()
    content = models.BinaryField()
    sheet = models.CharField(max_length=80, blank=True)
    cells = models.JSONField(default=dict)
    base = models.JSONField(default=dict)
    settled = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    strangers = models.JSONField(default=list)  # [row, words] of rows that belong to none of the unit's

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "period", "unit", "digest"], name="one_part_per_file")]

    def __str__(self) -> str:
        return f"{self.form} {self.period} {self.unit} {self.name}"


class Allotment(models.Model):
    """Who answers for a row when a unit splits its workbook: remembered for the next period. Nothing personal."""

    unit = models.CharField(max_length=40)
    way = models.CharField(max_length=20)
    subject = models.CharField(max_length=80)
    part = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "way", "subject"], name="one_allotment_per_row")]

    def __str__(self) -> str:
        return f"{self.unit} {self.subject} {self.part}"
