"""What is news, when somebody may be told, what a message says, when it is tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from luodi.kernel import instant
from luodi.notices import rules
from luodi.notices.values import Kind, Matter, Note, Preference, Rhythm

USUAL = Preference("p")


def at(hour: int, minute: int = 0, day: int = 10) -> int:
    """An instant of June 2025 in city time."""
    return instant.from_datetime(datetime(2025, 6, day, hour, minute, tzinfo=instant.CITY_ZONE))


def note(kind: Kind = Kind.RETURN_DUE, **changes) -> Note:
    return replace(Note(1, "p", "return:F:2025-05:U", kind, {}, None, at(9), 1, None, None), **changes)


def matter(kind: Kind, *, gentle: bool = False) -> Matter:
    return Matter("return:F:2025-05:U", kind, ("p",), gentle=gentle)


def test_a_first_matter_is_news():
    assert rules.changes(None, matter(Kind.RETURN_DUE, gentle=True))


def test_what_the_calendar_found_is_news_once():
    assert not rules.changes(note(Kind.RETURN_DUE), matter(Kind.RETURN_DUE, gentle=True))
    assert rules.changes(note(Kind.RETURN_DUE), matter(Kind.RETURN_LATE, gentle=True))


def test_the_calendar_never_drowns_what_a_person_did():
    assert not rules.changes(note(Kind.RETURN_SENT_BACK), matter(Kind.RETURN_LATE, gentle=True))


def test_a_settled_matter_comes_up_again_only_with_another_kind():
    assert not rules.changes(note(Kind.RETURN_LATE, settled_at=1), matter(Kind.RETURN_LATE, gentle=True))
    assert rules.changes(note(Kind.RETURN_SENT_BACK, settled_at=1), matter(Kind.RETURN_LATE, gentle=True))


def test_what_a_person_did_is_always_news():
    assert rules.changes(note(Kind.RETURN_SENT_BACK), matter(Kind.RETURN_SENT_BACK))
    assert rules.changes(note(Kind.RETURN_SENT_BACK), matter(Kind.RETURN_REMINDED))


def test_by_day_it_is_told_at_once():
    assert rules.tell_at(Kind.RETURN_LATE, at(14, 30), USUAL) == at(14, 30)


@pytest.mark.parametrize(
    ("raised", "told"),
    [(at(20), at(8, day=11)), (at(23, 59), at(8, day=11)), (at(3), at(8)), (at(7, 59), at(8)), (at(8), at(8))],
)
def test_quiet_hours_go_over_midnight(raised, told):
    assert rules.tell_at(Kind.RETURN_SENT_BACK, raised, USUAL) == told


def test_quiet_hours_inside_a_day():
    noon = replace(USUAL, quiet_from=12, quiet_to=14)
    assert rules.tell_at(Kind.RETURN_LATE, at(12, 30), noon) == at(14)
    assert rules.tell_at(Kind.RETURN_LATE, at(14), noon) == at(14)
    assert rules.tell_at(Kind.RETURN_LATE, at(2), noon) == at(2)


def test_the_same_hour_twice_is_never_quiet():
    assert rules.tell_at(Kind.RETURN_LATE, at(3), replace(USUAL, quiet_from=0, quiet_to=0)) == at(3)


def test_a_digest_waits_for_its_hour_and_urgent_matters_do_not():
    daily = replace(USUAL, rhythm=Rhythm.DAILY, digest_hour=17)
    assert rules.tell_at(Kind.RETURN_DUE, at(9), daily) == at(17)
    assert rules.tell_at(Kind.RETURN_DUE, at(17, 1), daily) == at(17, day=11)
    assert rules.tell_at(Kind.RETURN_SENT_BACK, at(9), daily) == at(9)


def test_a_digest_inside_quiet_hours_waits_for_their_end():
    daily = replace(USUAL, rhythm=Rhythm.DAILY, digest_hour=22)
    assert rules.tell_at(Kind.RETURN_DUE, at(9), daily) == at(8, day=11)


def test_a_muted_kind_is_never_told():
    assert rules.tell_at(Kind.RETURN_DUE, at(9), replace(USUAL, muted=frozenset({Kind.RETURN_DUE}))) is None


def test_one_matter_is_one_line():
    assert rules.message(["东川区 月报 被退回"], link="https://luodi.example/notices/", language="zh") == (
        "东川区 月报 被退回 https://luodi.example/notices/"
    )


def test_several_matters_are_counted_and_the_first_named():
    said = rules.message(["甲", "乙", "丙", "丁", "戊"], link="", language="zh")
    assert said.splitlines()[:4] == ["您有5件事项：", "· 甲", "· 乙", "· 丙"]
    assert "另有2件" in said
    assert "丁" not in said
    assert "and 2 more" in rules.message(list("abcde"), link="", language="en")


def test_tries_come_at_growing_intervals_and_end():
    waits = [rules.retry_at(tries, 0) for tries in range(1, 7)]
    assert waits == [60_000_000, 300_000_000, 1_800_000_000, 7_200_000_000, 21_600_000_000, None]


def test_hours_that_are_none_are_named():
    assert rules.preference_problems(8, 20, 8) == []
    assert rules.preference_problems(24, -1, 30) == ["digest_hour", "quiet_from", "quiet_to"]


@pytest.mark.parametrize(("phone", "shown"), [("13800001234", "138****1234"), (None, ""), ("", ""), ("12345", "*****")])
def test_a_telephone_is_shown_by_its_ends(phone, shown):
    assert rules.masked_phone(phone) == shown


@pytest.mark.parametrize(
    ("today", "kind"),
    [
        (date(2025, 6, 1), None),
        (date(2025, 6, 2), Kind.RETURN_DUE),
        (date(2025, 6, 5), Kind.RETURN_DUE),
        (date(2025, 6, 6), Kind.RETURN_LATE),
    ],
)
def test_a_due_day_nears_and_passes(today, kind):
    assert rules.nearing(date(2025, 6, 5), today, days=3) == kind


def test_the_city_not_the_machine_says_what_hour_it_is():
    night = instant.from_datetime(datetime(2025, 6, 10, 13, 0, tzinfo=UTC))  # 21:00 in the city
    assert rules.is_quiet(instant.to_datetime(night), USUAL)
