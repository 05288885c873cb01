"""Accounts: how a person signs in, and the views they keep. Who the person is, and what they may do, is identity's."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_account(self, *, login: str, person: str, password: str | None) -> Account:
        """Make an account for a person; without a password it can't sign in until one is set."""
        account = self.model(login=login, person=person)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A way to sign in as `person` (an id of identity). Personal: login, last_login. Never ranked, never counted."""

    login = models.CharField(max_length=80, unique=True)
    person = models.CharField(max_length=80, db_index=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="zh")
    money_unit = models.CharField(max_length=4, default="万元")
    toured = models.BooleanField(default=False)

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "login"

    def __str__(self) -> str:
        return self.login


class SavedView(models.Model):
    """A filter somebody keeps under a name; `key` is its link, which others may follow with their own rights. Personal: person, name."""

    key = models.CharField(max_length=32, unique=True)
    person = models.CharField(max_length=80, db_index=True)
    page = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "page", "name"], name="one_view_by_name")]

    def __str__(self) -> str:
        return self.name
