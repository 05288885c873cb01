"""The store that a run claims to test is the one it tests."""

import os

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_run_is_on_the_store_it_was_asked_for():
    wanted = os.environ.get("LUODI_TEST_STORE", "sqlite")
    assert connection.vendor == wanted
