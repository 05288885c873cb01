"""Accounts: how a person signs in. Who the person is, and what they may do, is identity's."""

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

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "login"

    def __str__(self) -> str:
        return self.login
