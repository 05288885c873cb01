"""Tables of units, people and posts. Projection rows: ids and known times as in ledger.models.ProjectionRow."""

from __future__ import annotations

from django.db import models

from luodi.ledger.models import ProjectionRow


class UnitVersion(ProjectionRow):
    """From `valid_from`, unit `code` is called this and stands here in the tree. Several rows of one code are its versions."""

    code = models.CharField(max_length=40, db_index=True)
    name = models.CharField(max_length=200)
    parent = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20)
    group = models.CharField(max_length=40, blank=True)
    successor = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the first day it no longer exists

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
