"""What a process remembers of returns, owed forms, lists and figures between requests is what it would find afresh: with real commits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from luodi.codebook import queries as codebook
from luodi.identity import permissions
from luodi.kernel.period import month
from luodi.ledger import actions as ledger
from luodi.ledger import following, texts
from luodi.ledger.following import Position
from luodi.ledger.values import Act
from luodi.projects import actions as projects
from luodi.projects import facts
from luodi.projects.queries import cards, lists, load
from luodi.projects.values.drafts import NoteDraft
from luodi.projects.values.views import Figures
from luodi.statistics.actions import drafts, filing, judging
from luodi.statistics.models import Draft, Figure
from luodi.statistics.queries import asking, batch, checking, invested, moving, owing, remembering
from luodi.statistics.values.reporting import FiledCell
from luodi.web import figures
from tests import city

pytestmark = pytest.mark.django_db(transaction=True)

MAY, TODAY = month(2025, 5), date(2025, 6, 2)
NAMES = {"head": "甲", "statistician": "乙", "filler": "丙", "telephone": "0000-0000000", "filled_on": "2025-06-02"}


@pytest.fixture(autouse=True)
def a_city():
    city.make()
    city.project("P1", uscc="91530000MA0000001P")
    city.project("P2")
    city.project("Q1", host="YL02")


def profile():
    return codebook.profile()


def where(period=MAY):
    return {"profile": profile(), "form": "YL-T1", "period": period, "unit": "YL01"}


def filed(amount="100", *, period=MAY, on=TODAY, note="主体封顶"):
    """Fill, check, sign and submit the form of YL01."""
    cells = {
        f"{code}|{measure}": amount for code in ("P1", "P2") for measure in ("invest_completed", "equipment_invest")
    }
    notes = {code: {"progress": note, "problems": "", "next": "", "coordinate": ""} for code in ("P1", "P2")}
    typed = drafts.Typed(cells, notes, {**NAMES, "filled_on": on.isoformat()}, "d" * 64)
    drafts.save_draft(**where(period), typed=typed, seen=None, person="rep1", at=city.at(on), today=on)
    for step, person in (("check", "chk1"), ("sign", "sig1")):
        drafts.take_hand(**where(period), step=step, person=person, at=city.at(on), today=on)
    return filing.submit(**where(period), actor=city.actor("sig1", "YL01"), today=on)


def judged(one, person, unit, verdict="accepted", on=TODAY, **given):
    return judging.judge(
        submission=one.id, verdict=verdict, unit=unit, actor=city.actor(person, unit), today=on, **given
    )


def accepted(**given):
    one = filed(**given)
    judged(one, "centre", "YLD02", on=given.get("on", TODAY))
    return judged(one, "reform", "YLD03", on=given.get("on", TODAY))


def afresh(monkeypatch, look):
    """Look as a process does that has just begun and may remember nothing."""
    with monkeypatch.context() as nothing:
        nothing.setattr(following, "may_keep", lambda: False)
        return look()


def checked():
    states = owing.form_states(period=MAY, profile=profile(), today=TODAY)
    return [
        (one.state, one.cells, one.before, list(one.findings))
        for one in batch.checked(states, period=MAY, profile=profile())
    ]


def previewed():
    owed = filing.owed_form(profile=profile(), form="YL-T1", period=MAY, unit="YL01")
    return checking.dossier(
        profile=profile(),
        form=profile().form("YL-T1"),
        period=MAY,
        owed=owed,
        cells=[FiledCell("P1", "invest_completed", Decimal(1))],
    )


def listed(person="centre"):
    by = lists.viewer(permissions.who(person, on=TODAY), on=TODAY)
    return lists.project_list(by, figures=figures.known_figures(TODAY, profile()))


def months():
    return invested.months_of_all(since=date(2024, 1, 1), until=MAY.last)


def beside():
    form = profile().form("YL-T1")
    owed = filing.owed_form(profile=profile(), form="YL-T1", period=MAY, unit="YL01")
    typed = Draft(form="YL-T1", period=MAY.label, unit="YL01")
    return asking.asking_of(profile=profile(), form=form, owed=owed, period=MAY, kept=typed)


LOOKS = (checked, previewed, listed, months, beside)


def acts():
    """Name acts that move something of what is remembered, each with how it is done."""
    spring = month(2025, 4)
    yield "a return is filed", lambda: filed()
    yield "it is sent back", lambda: judged(last(), "centre", "YLD02", "sent_back", reason="单位有误")
    yield "it is filed again", lambda: filed("200", note="设备进场")
    yield "it is accepted", lambda: [judged(last(), "centre", "YLD02"), judged(last(), "reform", "YLD03")]
    yield "the month before is accepted late", lambda: accepted(amount="2", period=spring, on=date(2025, 5, 3))
    yield "an acceptance is withdrawn", lambda: judged(last(spring), "reform", "YLD03", "withdrawn", reason="有误")
    yield "a note is written", lambda: note("完成投资12万元，占年计划30万元的90%")
    yield (
        "a twin comes up elsewhere",
        lambda: city.project("Q2", host="YL02", uscc="91530000MA0000001P", name="P1生产线项目"),
    )
    yield "a finding is explained", explained
    yield "a project changes its host", lambda: version("P2", host="YL02")
    yield "a project is renamed elsewhere", lambda: version("Q1", host="YL02", name="另一个项目")
    yield "a figure is void", voided
    yield "words are removed by law", removed


def last(period=MAY):
    states = owing.form_states(period=period, profile=profile(), today=TODAY, unit="YL01", form="YL-T1")
    return states[0].filing


def explained():
    seen = batch.checked(
        [one for one in owing.form_states(period=MAY, profile=profile(), today=TODAY) if one.filing],
        period=MAY,
        profile=profile(),
    )
    open_ones = [finding for one in seen for finding in one.findings if finding.severity != "hint"]
    assert open_ones
    judging.explain(findings=open_ones[:1], words="情况属实", actor=city.actor("rep1", "YL01"), today=TODAY)


def note(words):
    projects.write_notes([NoteDraft("P1", "2025-05", progress=words)], actor=city.actor("rep1", "YL01"), today=TODAY)


def version(code, **changes):
    act = Act(
        facts.VERSION_RECORDED,
        f"project:{code}",
        rows={"projects.ProjectVersion": [city.version(code, valid_from=date(2025, 5, 2), **changes)]},
    )
    ledger.record([act], actor=city.OPERATOR)


def voided():
    row = Figure.objects.filter(subject="P1", period="2025-05").latest("id").id
    void = ("statistics.Figure", row, None, None, False)
    ledger.record([Act(facts.ROWS_VOIDED, "project:P1", rows={"ledger.Void": [void]})], actor=city.OPERATOR)


def removed():
    row = load.notes(["P1"])["P1", "2025-05"].row
    texts.remove(row=row, columns=("progress",), reason="依法撤除", actor=city.OPERATOR)


def test_what_is_remembered_is_what_would_be_found_afresh_after_every_kind_of_act(monkeypatch):
    for look in LOOKS:
        assert look() == afresh(monkeypatch, look)
    for name, act in acts():
        act()
        for look in LOOKS:
            assert look() == afresh(monkeypatch, look), (name, look.__name__)


def test_a_return_is_not_looked_at_again_for_what_moves_elsewhere(monkeypatch):
    accepted()
    first = batch.checked([state()], period=MAY, profile=profile())[0]
    city.project("Q3", host="YL02")
    projects.write_notes(
        [NoteDraft("Q1", "2025-05", progress="平整场地")], actor=city.actor("rep2", "YL02"), today=TODAY
    )
    looked = []
    monkeypatch.setattr(batch, "lay", lambda *args, **given: looked.append(args) or [])
    again = batch.checked([state()], period=MAY, profile=profile())[0]
    assert (again.cells is first.cells, looked) == (True, [])


def state():
    (found,) = owing.form_states(period=MAY, profile=profile(), today=TODAY, unit="YL01", form="YL-T1")
    return found


def test_an_unchanged_list_and_unchanged_debts_are_the_very_same():
    listed()
    before, owed = listed(), owing.projects_on(MAY.last, cards.cards(on=MAY.last, profile=profile()))
    city.project("N1", life=(), host="YL02")
    after = listed()
    assert after is not before and [line for line in after if line in before] == list(before)
    assert owing.projects_on(MAY.last, cards.cards(on=MAY.last, profile=profile())) is not owed
    owed = owing.projects_on(MAY.last, cards.cards(on=MAY.last, profile=profile()))
    projects.write_notes(
        [NoteDraft("Q1", "2025-05", progress="平整场地")], actor=city.actor("rep2", "YL02"), today=TODAY
    )
    assert owing.projects_on(MAY.last, cards.cards(on=MAY.last, profile=profile())) is owed


def test_people_who_may_see_the_same_share_a_list_and_others_do_not():
    city.project("S1", host="YL02", life=(("在谈", date(2024, 1, 10)),))
    everything, also = listed("centre"), listed("leader")
    assert everything is also
    assert {line.card.code for line in everything if line.card} == {"P1", "P2", "Q1", "S1"}
    own = listed("rep1")
    assert "S1" not in {line.card.code for line in own if line.card}
    assert any(line.face.veiled for line in own)
    assert listed("centre") is everything


def test_a_note_that_comes_with_a_return_reaches_its_card(monkeypatch):
    def spoken():
        return {code: card.dossier.spoken for code, card in cards.cards(on=TODAY, profile=profile()).items()}

    assert spoken()["P1"] == frozenset()
    filed()
    assert spoken()["P1"] == {date(2025, 5, 1)}
    assert spoken() == afresh(monkeypatch, spoken)


def test_the_figures_lights_need_stay_the_same_until_a_months_money_moves():
    first = figures.known_figures(TODAY, profile())
    city.project("N1", host="YL02")
    assert figures.known_figures(TODAY, profile()) is first
    accepted(amount="90", period=month(2025, 4), on=date(2025, 5, 3))
    accepted(amount="100")
    then = figures.known_figures(TODAY, profile())
    of_may = Decimal(10 * city.WAN)  # what was filed is the year so far
    spent = frozenset({date(2025, 5, 1)})
    assert then == Figures({"P1": of_may, "P2": of_may}, {"P1": spent, "P2": spent})


def test_another_ledger_and_very_many_rows_count_as_everything_moved(monkeypatch):
    now = following.position()
    assert moving.subjects_moved(now, now) == frozenset()
    assert moving.subjects_moved(Position(now.fact, b"another"), now) is None
    assert moving.subjects_moved(Position(), now) is None  # a ledger begins with a fact
    accepted()
    assert moving.subjects_moved(now, following.position()) == {"P1", "P2"}
    monkeypatch.setattr(moving, "MANY", 1)
    assert moving.subjects_moved(now, following.position()) is None


def test_memory_is_bounded_by_cells():
    kept = remembering.Memory[str](most=3)
    lines = cards.cards(on=MAY.last, profile=profile())
    owed = owing.owed_forms(period=MAY, profile=profile(), forms=[profile().form("YL-T1")])
    made = []

    def make(returns):
        made.append([one.unit for one in returns])
        return [one.unit for one in returns]

    for _ in range(2):
        assert kept.get(owed[:2], lines=lines, profile=profile(), make=make) == [one.unit for one in owed[:2]]
    assert made[0] == [one.unit for one in owed[:2]]
    assert len(made) == 2  # there was no room for both
