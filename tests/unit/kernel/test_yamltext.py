"""YAML exactly as written: no guesses, every mistake with its line."""

from decimal import Decimal

import pytest

from luodi.kernel import yamltext
from luodi.kernel.yamltext import BadYaml, Place, Unfit


def problems_of(text):
    with pytest.raises(BadYaml) as refused:
        yamltext.loads(text, file="f.yaml")
    return [(one.code, one.line) for one in refused.value.problems]


def test_scalars_stay_what_was_written():
    node = yamltext.loads("a: 0.10\nb: no\nc: 09:30\nd: 'null'\ne: null\nf: ~\ng:\nh: ''\n")
    assert node == {"a": "0.10", "b": "no", "c": "09:30", "d": "null", "e": None, "f": None, "g": None, "h": ""}
    assert node["c"].line == 3 and node.lines["h"] == 8 and node["d"].quoted and not node["a"].quoted


def test_lists_and_aliases_are_followed():
    node = yamltext.loads("x: &one [1, {k: 2}]\ny: *one\n")
    assert node["y"] == ["1", {"k": "2"}] and node["x"].line == 1


def test_nothing_is_none():
    assert yamltext.loads("") is None


def test_what_is_not_yaml_says_the_line():
    assert problems_of("a: 1\nb: [1, 2\n") == [("yaml.unreadable", 3)]


def test_all_duplicate_and_odd_keys_are_named_at_once():
    found = problems_of("a: 1\na: 2\n[x]: 3\nb:\n  c: 1\n  c: 2\n")
    assert found == [("yaml.duplicate_key", 2), ("yaml.key_not_text", 3), ("yaml.duplicate_key", 6)]


def test_a_node_inside_itself_is_refused():
    assert problems_of("a: &x\n  b: *x\n") == [("yaml.loop", 1)]


def test_a_small_file_that_unfolds_into_millions_is_refused():
    bomb = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
    bomb += "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 8))
    assert [code for code, _line in problems_of(bomb)] == ["yaml.too_large"]


def test_nesting_without_end_is_refused():
    assert [code for code, _line in problems_of("[" * 20000 + "]" * 20000)] == ["yaml.too_large"]


def test_files_are_utf_8_with_or_without_a_mark(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes("\ufeff名: 云岭".encode())
    assert yamltext.load(file) == {"名": "云岭"}
    file.write_bytes("名: 云岭".encode("gb18030"))
    with pytest.raises(BadYaml) as refused:
        yamltext.load(file)
    assert refused.value.problems[0].code == "yaml.encoding"


def test_a_place_points_to_key_and_line():
    node = yamltext.loads("forms:\n  - id: x\n")
    found = Place("f.yaml").at("forms").at(0).problem("yaml.unfit", node["forms"][0], found="x")
    assert (found.path, found.line, found.file, found.params) == ("forms.0", 2, "f.yaml", {"found": "x"})
    assert Place("f.yaml").problem("yaml.unfit").line is None


@pytest.mark.parametrize(("reader", "text", "value"), [
    (yamltext.decimal, "0.10", Decimal("0.10")), (yamltext.decimal, "-3", Decimal(-3)),
    (yamltext.integer, "12", 12), (yamltext.boolean, "true", True), (yamltext.boolean, "false", False),
    (yamltext.day, "2024-02-29", __import__("datetime").date(2024, 2, 29)), (yamltext.text, "'07'", "07"),
])  # fmt: skip
def test_a_scalar_is_read_as_what_its_key_needs(reader, text, value):
    assert reader(yamltext.loads(text)) == value


@pytest.mark.parametrize(("reader", "text"), [
    (yamltext.decimal, "1e3"), (yamltext.decimal, "1_000"), (yamltext.decimal, "NaN"), (yamltext.decimal, "x"), (yamltext.decimal, "[1]"),
    (yamltext.integer, "1.0"), (yamltext.integer, "1.5"), (yamltext.integer, "x"),
    (yamltext.boolean, "no"), (yamltext.boolean, "'true'"), (yamltext.boolean, "[true]"),
    (yamltext.day, "2024-02-30"), (yamltext.day, "2024-W09-4"), (yamltext.day, "2024-2-29"), (yamltext.day, "[a]"), (yamltext.text, "[a]"),
])  # fmt: skip
def test_what_does_not_fit_is_unfit(reader, text):
    with pytest.raises(Unfit):
        reader(yamltext.loads(text))


def test_unknown_keys_are_named_with_what_is_allowed():
    node = yamltext.loads("a: 1\nb: 2\n")
    (found,) = yamltext.unknown_keys(node, {"a"}, Place("f.yaml"))
    assert (found.code, found.line, found.params["allowed"]) == ("yaml.unknown_key", 2, "a")
