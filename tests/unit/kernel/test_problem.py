"""Problems speak both languages, and never fail while explaining."""

import pickle

import pytest
import yaml

from luodi.kernel import problem
from luodi.kernel.problem import Problem, Refused


class TooMany(Refused):
    code = "period.unreadable"


def test_a_refusal_without_problems_makes_one_of_its_own():
    refused = TooMany(found="x")
    assert refused.problems == (Problem("period.unreadable", params={"found": "x"}),)
    assert str(refused) == "period.unreadable"


def test_only_blocking_problems_refuse():
    hint, wrong = Problem("period.unreadable", blocking=False), Problem("kernel.refused")
    problem.refuse_if_any([hint])
    with pytest.raises(TooMany) as refused:
        problem.refuse_if_any([hint, wrong], TooMany)
    assert refused.value.problems == (wrong,)
    assert problem.sort_blocking_first([hint, wrong]) == [wrong, hint]


def test_words_are_found_in_both_languages():
    found = Problem("period.unreadable", params={"found": "abc"})
    assert "abc" in found.message() and "abc" in found.message("en")
    assert found.message() != found.message("en")


def test_a_parameter_that_was_not_given_stays_visible():
    assert "{found}" in Problem("period.unreadable").message("en")


def test_a_code_without_words_says_itself():
    assert problem.words("nowhere.at_all", "en", a=1) == "nowhere.at_all a=1"


def test_json_has_fixed_keys_that_parameters_can_not_replace():
    document = Problem("period.unreadable", "cell=B3", {"found": "x", "where": "no"}, file="a.yaml", line=3).as_json(
        "en"
    )
    assert (document["where"], document["found"], document["line"]) == ("cell=B3", "x", 3)


@pytest.mark.parametrize("file", sorted(problem.WORDS.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_word_is_there_in_both_languages_with_the_same_parameters(file):
    import re

    for code, entry in yaml.safe_load(file.read_text("utf-8")).items():
        assert code.split(".")[0] == file.stem, code
        assert all(isinstance(entry.get(language), str) and entry[language] for language in problem.LANGUAGES), code
        for language in problem.LANGUAGES:
            entry[language].format_map(problem._Forgiving())
        zh, en = (set(re.findall(r"(?<!\{)\{(\w+)", entry[language])) for language in problem.LANGUAGES)
        assert {name.removesuffix("_zh") for name in zh} == {name.removesuffix("_en") for name in en}, code


class _OfOneCode(Refused):
    def __init__(self, code):
        super().__init__(Problem(code, params={"line": 3}))


def test_a_refusal_crosses_from_one_process_to_another_whole():
    refusal = _OfOneCode("kernel.refused")
    again = pickle.loads(pickle.dumps(refusal))
    assert (type(again), again.problems, str(again)) == (_OfOneCode, refusal.problems, str(refusal))
