"""The profile that is in force: the folder's own, or what it said before somebody saved a mistake."""

from __future__ import annotations

import pytest

from luodi.codebook import queries
from luodi.codebook.load import BadProfile

from .conftest import SMALL


def test_a_saved_mistake_leaves_in_force_what_stood_before_until_it_is_mended(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(SMALL, "utf-8")
    before = queries.profile(tmp_path)
    assert queries.mistakes(tmp_path) == ()

    file.write_text(SMALL + "colours: [red]\n", "utf-8")
    assert queries.profile(tmp_path) is before
    assert [(one.file, one.code) for one in queries.mistakes(tmp_path)] == [(str(file), "yaml.unknown_key")]

    file.write_text(SMALL.replace("zh: 小城", "zh: 中城"), "utf-8")
    assert queries.profile(tmp_path).city.zh == "中城"
    assert queries.mistakes(tmp_path) == ()


def test_a_folder_that_was_never_fit_is_refused_each_time(tmp_path):
    (tmp_path / "a.yaml").write_text(SMALL + "colours: [red]\n", "utf-8")
    for _ in range(2):
        with pytest.raises(BadProfile) as refusal:
            queries.profile(tmp_path)
        assert [problem.code for problem in refusal.value.problems] == ["yaml.unknown_key"]
