"""`luodi profile check`, with and without a store."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from luodi.cli.main import main
from luodi.codebook.load import SHIPPED
from luodi.identity import actions
from luodi.ledger import making

from .conftest import OPERATOR, unit


def run(*arguments: str):
    return CliRunner().invoke(main, ["profile", "check", *arguments])


def test_a_profile_without_mistakes_is_counted():
    result = run(str(SHIPPED))

    assert result.exit_code == 0
    assert "云岭市" in result.stderr
    assert "stages" in result.stdout


def test_json_is_one_document_either_way(tmp_path):
    good = run(str(SHIPPED), "--format", "json")
    bad = run(str(tmp_path), "--format", "json")

    assert (good.exit_code, json.loads(good.stdout)) == (0, {"problems": []})
    assert bad.exit_code == 1
    assert [problem["code"] for problem in json.loads(bad.stdout)["problems"]] == ["profile.no_files"]


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path):
    assert run(str(tmp_path / "none")).exit_code == 2


@pytest.mark.django_db
def test_units_that_the_ledger_lacks_are_named(city):
    making.make()
    result = run(str(SHIPPED), "--store", "--format", "json")

    places = [problem["where"] for problem in json.loads(result.stdout)["problems"]]
    assert result.exit_code == 1
    assert "offices.project_centre" in places
    assert "offices.promotion_bureau" not in places


@pytest.mark.django_db
def test_a_profile_fits_a_ledger_that_has_its_units(city):
    making.make()
    rest = [f"YLD{n:02}" for n in range(2, 11)] + [f"YL0{n}" for n in range(3, 9)] + ["YLP1"]
    actions.record_units(
        [unit(code, "YL", "district") for code in rest], actor=OPERATOR, on=unit("x", "", "city").valid_from
    )

    assert run(str(SHIPPED), "--store").exit_code == 0
