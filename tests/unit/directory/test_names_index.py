import random
from datetime import date

from pytest import fixture, mark, raises

from luodi.directory.names import keys, spelling
from luodi.directory.names import search as searching
from luodi.directory.names.index import BadIndex, build, is_index, load
from luodi.directory.names.resolve import resolve
from luodi.directory.names.search import Hit, narrowed, search
from luodi.directory.names.values import Alias, Asked, Entry

ENTRIES = [
    Entry("E1", "大连青榆船舶重工有限公司"),
    Entry("E2", "单县青榆食品有限公司"),
    Entry("E3", "青榆绿色TCQ有限公司"),
    Entry("E4", "岚屿行有限公司"),
]
ALIASES = [Alias("E4", "重行", date(2001, 1, 1), date(2009, 1, 1)), Alias("E9", "青榆物流有限公司")]


@fixture(scope="module")
def index():
    return build(ENTRIES, ALIASES)


def test_a_saved_index_is_the_same_whatever_the_order(tmp_path, index):
    one, other = tmp_path / "one", tmp_path / "other"
    index.save(one)
    shuffled = [*ENTRIES, *ALIASES]
    random.Random(1).shuffle(shuffled)
    build([e for e in shuffled if isinstance(e, Entry)], [a for a in shuffled if isinstance(a, Alias)]).save(other)
    assert one.read_bytes() == other.read_bytes()
    assert is_index(one)


def test_a_saved_index_answers_as_the_built_one(tmp_path, index):
    index.save(tmp_path / "saved")
    loaded = load(tmp_path / "saved")
    assert (loaded.records, loaded.entries) == (6, 4)
    assert loaded.record(4) == index.record(4)
    for name in ("青榆食品", "重行", "青榆物流有限公司", "nobody"):
        assert resolve(asked=Asked(name), index=loaded) == resolve(asked=Asked(name), index=index)
    assert search(query="qingyu", index=loaded) == search(query="qingyu", index=index)


@mark.parametrize("length", [20, 200, -8])
def test_an_index_cut_short_is_refused(tmp_path, index, length):
    file = tmp_path / "saved"
    index.save(file)
    file.write_bytes(file.read_bytes()[:length])
    with raises(BadIndex) as refused:
        load(file)
    assert refused.value.problems[0].code == "match.bad_index"


def test_an_index_of_other_word_lists_is_refused(tmp_path, index):
    file = tmp_path / "saved"
    index.save(file)
    file.write_bytes(
        file.read_bytes().replace(b'"digest": "', b'"digest": "0', 1).replace(b'", "entries"', b'", "entries"', 1)
    )
    with raises(BadIndex):
        load(file)
    content = bytearray()
    index.save(file)
    content += file.read_bytes()
    at = content.index(b'"digest": "') + len(b'"digest": "')
    content[at : at + 4] = b"beef" if content[at : at + 4] != b"beef" else b"feed"
    file.write_bytes(content)
    with raises(BadIndex) as refused:
        load(file)
    assert refused.value.problems[0].code == "match.old_index"


def test_an_empty_register_has_nobody():
    empty = build([])
    assert resolve(asked=Asked("青榆"), index=empty).code is None
    assert search(query="qing yu", index=empty) == []


@mark.parametrize(
    "query, codes",
    [
        ("青榆", ["E1", "E2", "E3"]),
        ("qingyu", ["E1", "E2", "E3"]),
        ("qy", ["E1", "E2", "E3"]),
        ("qyucb", ["E1"]),
        ("shanxian", ["E2"]),
        ("danxian", ["E2"]),
        ("lvse", ["E3"]),
        ("luse", ["E3"]),
        ("tcq", ["E3"]),
        ("qingyush", ["E2"]),
        ("zhonghang", ["E4"]),
        ("chongxing", ["E4"]),
        ("青榆 重工", ["E1"]),
        ("qing zhong", ["E1"]),
        ("qing chong", ["E1"]),
        ("xian yu", ["E2"]),
        ("xing lan", ["E4"]),
        ("大连 zg", ["E1"]),
        ("青榆 x", ["E2"]),
        ("青榆 zg shipin", []),
        ("wl", []),
        ("q", []),
        ("", []),
        ("youxian", []),
        ("qyx", []),
    ],
)
def test_names_are_found_as_people_type_them(index, query, codes):
    assert sorted(hit.code for hit in search(query=query, index=index)) == codes


def test_an_enterprise_is_found_once_by_its_nearest_name():
    held = build([Entry("A", "大连青榆食品有限公司")], [Alias("A", "青榆食品"), Alias("A", "青榆")])
    assert search(query="qingyu", index=held) == [Hit("A", "青榆", 70)]
    assert search(query="qingyu", index=held, limit=0) == []


def test_narrowing_loses_nothing_that_a_look_at_every_name_would_find():
    """Every two neighbours of a name, spelt in every way they can be, lead back to it."""
    names = ["重庆长行乐都", "单县绿地大厦", "青榆AB重工"]
    held = build([Entry(str(at), name + "有限公司") for at, name in enumerate(names)])
    from itertools import product

    from luodi.kernel.chinese import syllable_sets

    for at, name in enumerate(names):
        sets = syllable_sets(name)
        for start in range(len(sets) - 1):
            for one, other in product(sorted(sets[start]), sorted(sets[start + 1])):
                for query in (one + other, one[0] + other, one + other[0], one[0] + other[0]):
                    assert at in narrowed(query, held).tolist(), (name, query)


def test_ways_to_read_a_query_are_few_and_end_where_it_ends():
    assert len(spelling.beginnings("zhuangzhuangzhuangzhuang")) < 200
    known = spelling.syllables()
    for way in spelling.beginnings("haikang"):
        assert 1 <= len(way) <= spelling.DEPTH and all(start < end <= known.width for start, end in way)
    assert spelling.beginnings("\U0003134a") == spelling.beginnings("青\U0003134a") == []


def test_many_are_narrowed_down_by_every_pair_of_the_query(index, monkeypatch):
    monkeypatch.setattr(searching, "FEW", 0)
    assert narrowed("qingyushipin", index).tolist() == [1]
    assert narrowed("qingyuyinhang", index).tolist() == []


def test_a_syllable_that_most_names_have_says_too_little(index, monkeypatch):
    assert narrowed("qing", index).tolist()
    monkeypatch.setattr(searching, "TOO_MANY", 0)
    assert narrowed("qing", index).tolist() == []


def test_several_processes_post_what_one_posts(monkeypatch):
    names = [f"云岭{brand}科技有限公司" for brand in ("甲乙", "丙丁", "戊己", "庚辛", "壬癸")] + [
        "",
        "海岳实业集团第二分公司",
    ]
    alone = keys.posted(names)
    monkeypatch.setattr(keys, "NAMES_WORTH_PROCESSES", 1)
    monkeypatch.setattr(keys, "NAMES_AT_ONCE", 2)
    monkeypatch.setattr(keys.os, "sched_getaffinity", lambda _: {0, 1})
    numbers, spoken = keys.posted(names)
    assert (sorted(numbers), spoken) == (sorted(alone[0]), alone[1])


def test_a_process_posts_its_stretch_of_the_names_it_was_born_with():
    names = ["云岭甲乙科技有限公司", "云岭丙丁科技有限公司"]
    keys._hold(names)
    try:
        numbers, spoken = keys._posted_held(0)
    finally:
        keys._hold(())
    assert (sorted(memoryview(numbers).cast("Q")), spoken.split("\n")) == (
        sorted(keys.posted(names)[0]),
        keys.posted(names)[1],
    )
