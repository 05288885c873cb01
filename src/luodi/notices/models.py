"""
Tables of notices. Not facts: nothing here proves anything, all of it may be erased, none of it leaves in an export.

Personal: every `person`, Preference.wecom, Preference.mail, Message.text. Instants are microseconds UTC (kernel.instant).
"""

from __future__ import annotations

from django.db import models


class Notice(models.Model):
    """What one person should know of one matter. The same matter again changes the row."""

    person = models.CharField(max_length=40)
    key = models.CharField(max_length=160, db_index=True)
    kind = models.CharField(max_length=20)
    params = models.JSONField(default=dict)
    due_on = models.DateField(null=True)
    raised_at = models.BigIntegerField()
    times = models.PositiveIntegerField(default=1)
    read_at = models.BigIntegerField(null=True)
    settled_at = models.BigIntegerField(null=True)
    told_at = models.BigIntegerField(null=True)  # when it was put into a message, or it was decided that none is wanted

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_notice_per_matter")]
        indexes = [
            models.Index(fields=["person", "read_at", "settled_at"], name="notice_waiting"),
            models.Index(fields=["told_at", "raised_at"], name="notice_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.key} {self.kind}"


class Message(models.Model):
    """One message to one person on one channel: the outbox. Its address is looked up when it is sent, and kept nowhere."""

    person = models.CharField(max_length=40)
    channel = models.CharField(max_length=10)
    text = models.TextField()
    made_at = models.BigIntegerField()
    state = models.CharField(max_length=10, default="waiting")  # waiting, sent, failed
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.BigIntegerField()
    sent_at = models.BigIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_at"], name="message_waiting")]

    def __str__(self) -> str:
        return f"{self.channel} {self.person} {self.state}"


class Preference(models.Model):
    """How a person wants to be told."""

    person = models.CharField(max_length=40, unique=True)
    way = models.CharField(max_length=10)
    rhythm = models.CharField(max_length=10)
    digest_hour = models.PositiveSmallIntegerField()
    quiet_from = models.PositiveSmallIntegerField()
    quiet_to = models.PositiveSmallIntegerField()
    muted = models.JSONField(default=list)
    wecom = models.CharField(max_length=64, blank=True)
    mail = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, default="zh")

    def __str__(self) -> str:
        return f"{self.person} {self.way} {self.rhythm}"


class Reminder(models.Model):
    """Somebody asked for something that was due: who, when, how many people were told."""

    key = models.CharField(max_length=160, db_index=True)
    by = models.CharField(max_length=40)
    at = models.BigIntegerField()
    people = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key} by {self.by}"


class Bookmark(models.Model):
    """How far the ledger and the calendar have been looked through."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
