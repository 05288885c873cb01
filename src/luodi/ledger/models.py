"""
Tables of the ledger. Facts are guarded by the database itself (`guards.py`); texts and evidence can be erased by law.

Instants are whole microseconds UTC (kernel.instant). No foreign keys: a fact outlives what it speaks of.
"""

from __future__ import annotations

from django.db import models

from luodi.ledger.values import PLACE_BITS, WHOLE_FACT


class Fact(models.Model):
    """One act, appended. `body` holds the canonical bytes of everything here; `leaf` is their leaf hash."""

    id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    recorded_at = models.BigIntegerField(unique=True)
    actor = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, db_index=True)
    import_id = models.CharField(max_length=40, blank=True, db_index=True)
    body = models.BinaryField()
    leaf = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["name", "id"])]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


class FactText(models.Model):
    """The erasable words of one fact: commitment (hex) to [salt (hex), text], or to null when removed by law (撤除)."""

    fact = models.BigIntegerField(primary_key=True)
    texts = models.TextField()

    def __str__(self) -> str:
        return f"texts of {self.fact}"


class Evidence(models.Model):
    """A file that proves something, kept by its digest outside the database."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.BigIntegerField()
    removed_at = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return self.digest


class Seal(models.Model):
    """A sealed period: row of the fact `ledger.period.sealed`. `hash` covers every other column."""

    id = models.BigIntegerField(primary_key=True)
    known_at = models.BigIntegerField()
    period = models.CharField(max_length=20, unique=True)
    period_last = models.DateField()
    cut_at = models.BigIntegerField()
    first = models.BigIntegerField()
    through = models.BigIntegerField()
    count = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    profile = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=10)
    sealed_at = models.BigIntegerField()
    sealed_by = models.CharField(max_length=80)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.period} {self.hash[:8]}"


class ProfileCopy(models.Model):
    """A city profile kept whole beside the seals that used it, by its digest."""

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.BinaryField()

    def __str__(self) -> str:
        return self.digest


class StoreNote(models.Model):
    """What the store knows of itself: hash algorithm, synthetic or not, clock offset, seed."""

    key = models.CharField(max_length=40, primary_key=True)
    value = models.TextField()

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


class ProjectionRow(models.Model):
    """What every projection row carries. `known_at` is the given known time if any, else the fact's recorded time."""

    id = models.BigIntegerField(primary_key=True)
    known_at = models.BigIntegerField()
    loaded = models.BooleanField(default=False)  # true: the row came from history and says so

    class Meta:
        abstract = True

    @property
    def fact(self) -> int:
        return self.id >> PLACE_BITS

    @property
    def place(self) -> int:
        return self.id & WHOLE_FACT


class Void(ProjectionRow):
    """A row is void from `known_at` on. `target` is a row id; `table` its projection (`projects.StageEvent`)."""

    table = models.CharField(max_length=60)
    target = models.BigIntegerField(db_index=True)
    reason = models.TextField(null=True)

    def __str__(self) -> str:
        return f"void {self.target}"


class Verdict(ProjectionRow):
    """
    Somebody decided about a claimed row, or about all rows of a fact (target place WHOLE_FACT).

    `verdict`: accepted (figures) or verified (events) from `known_at` on; withdrawn: no longer so, falls back to the
    row before; sent_back: no longer filed either; checked: an inner step of the chain (`step`), nothing counts yet.
    """

    target = models.BigIntegerField(db_index=True)
    verdict = models.CharField(max_length=12)
    step = models.PositiveSmallIntegerField(default=0)
    unit = models.CharField(max_length=40, blank=True)
    reason = models.TextField(null=True)

    def __str__(self) -> str:
        return f"{self.verdict} {self.target}"
