"""
Uploaded tables on their way in. Not facts: the facts are what an import appends, and carry its id and its file's digest.

Personal: `person`; `file`, `answer` and the files kept beside may hold names, are read by the uploader only, and are deleted after a month.
None of it leaves in an export. Instants are microseconds UTC (kernel.instant).
"""

from __future__ import annotations

from django.db import models


class ImportJob(models.Model):
    """One uploaded table: what it is, who brought it, how far it is, what was found."""

    kind = models.CharField(max_length=20)
    file = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    mapped = models.BooleanField(default=False)
    history = models.BooleanField(default=False)
    partial = models.BooleanField(default=False)
    person = models.CharField(max_length=40, db_index=True)
    unit = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default="to_check")  # see jobs.py
    stage = models.CharField(max_length=10, blank=True)  # what it is at: reading, checking, writing
    count = models.BigIntegerField(default=0)
    uploaded_at = models.BigIntegerField()
    taken_at = models.BigIntegerField(null=True)
    finished_at = models.BigIntegerField(null=True)
    import_id = models.CharField(max_length=40, blank=True)
    answer = models.JSONField(default=dict)
    forgotten = models.BooleanField(default=False)  # its files and findings are deleted

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="import_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file} {self.state}"
