"""
Tables of units, people, posts, tokens and the log of who looked at what.

Projection rows: ids and known times as in ledger.models.ProjectionRow. Personal: Person.name, Person.phone (erasable), AccessLog.
None of these tables leaves in an export but UnitVersion.
"""

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


class Person(ProjectionRow):
    """A person, by an id that says nothing; the last row of an id counts. Name and telephone are erasable."""

    person = models.CharField(max_length=40, db_index=True)
    name = models.TextField(null=True)
    phone = models.TextField(null=True)
    left_on = models.DateField(null=True)  # from this day on the person acts no more

    def __str__(self) -> str:
        return self.person


class Post(ProjectionRow):
    """Person holds `role` at `unit` from `valid_from` to `valid_to`; the last row of (person, unit, role, valid_from) counts."""

    person = models.CharField(max_length=40, db_index=True)
    unit = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    title = models.CharField(max_length=80, blank=True)  # 职务, as printed
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the first day no longer held

    def __str__(self) -> str:
        return f"{self.person} {self.role}@{self.unit}"


class ApiToken(ProjectionRow):
    """A program's key to act as a person: only its digest is kept. The last row of a token id counts."""

    token = models.CharField(max_length=20, db_index=True)
    person = models.CharField(max_length=40, db_index=True)
    digest = models.CharField(max_length=64, db_index=True)  # SHA-256 of 256 random bits
    label = models.CharField(max_length=80, blank=True)
    valid_to = models.DateField(null=True)  # the first day it opens nothing

    def __str__(self) -> str:
        return f"{self.token} of {self.person}"


class AccessLog(models.Model):
    """
    Who looked at something that is logged, or was refused: not a fact, kept at least six months, read by the security auditor.

    Never counted per person for a ranking.
    """

    at = models.BigIntegerField(db_index=True)
    person = models.CharField(max_length=40)
    act = models.CharField(max_length=40)  # evidence.opened, contact.seen, signed_in ...
    subject = models.CharField(max_length=160, blank=True)
    allowed = models.BooleanField(default=True)
    via = models.CharField(max_length=10, blank=True)
    address = models.CharField(max_length=45, blank=True)

    def __str__(self) -> str:
        return f"{self.person} {self.act} {self.subject}"
