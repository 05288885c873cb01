"""Random cities for Hypothesis: small, and full of what is hard."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.slowcounter.city import City, Figure, Listed, Plan, Share, Stage, Target, Unit, Version
from tests.slowcounter.counter import Asked

UNITS = ("YL", "D1", "D2", "T1", "T2", "X9")
HOLDERS = ("D1", "D2", "T1", "T2", "X9", "NOPE", "")
PROJECTS = ("P1", "P2", "P3", "P4")
STAGES = ("在谈", "签约", "落地", "开工", "竣工", "投产", "达产", "停滞", "复工", "终止", "达效", "置换")
MEASURES = ("invest_completed", "funds_in_place", "jobs_added")
PERIODS = (
    "2023-12", "2024-01", "2024-02", "2024-01..02", "2024-03", "2024-04", "2024-03-上旬", "2024-03-下旬", "2024-Q1", "2024-Q2", "2024-H1", "2024", "2023", "2023-Q4", "2023-03",
)  # fmt: skip
ASKED = (
    "2024-01",
    "2024-01..02",
    "2024-02",
    "2024-03",
    "2024-04",
    "2024-Q1",
    "2024-Q2",
    "2024-H1",
    "2024",
    "2024-03-中旬",
    "2023-12",
    "2023",
)
instants = st.integers(1, 12)
maybe_instants = st.none() | instants
days = st.dates(date(2022, 11, 1), date(2024, 8, 1))
amounts = st.sampled_from(
    ["0", "0.01", "33333333.33", "99999999.99", "100000000", "250000000.05", "1000000000", "-7.77"]
).map(Decimal)
words = st.sampled_from(["accepted", "withdrawn", "sent_back"])
said = st.lists(st.tuples(instants, words), max_size=2).map(tuple)
rarely_void = st.none() | st.none() | st.none() | instants


@st.composite
def units(draw) -> tuple[Unit, ...]:
    """The city with two districts, a town in each, and a unit apart; some are renamed, merged, closed, moved or voided."""
    known = draw(st.sampled_from([0, 0, 3]))
    start = date(2020, 1, 1)
    found = [
        Unit("YL", "", "city", start, 0),
        Unit("D1", "YL", "district", start, 0),
        Unit("D2", "YL", "district", start, known),
        Unit("T1", "D1", "town", start, 0),
        Unit("T2", "D2", "town", draw(st.sampled_from([start, date(2024, 2, 1)])), 0),
        Unit("X9", "", "park", start, 0),
    ]
    for _ in range(draw(st.integers(0, 2))):
        code = draw(st.sampled_from(["D1", "D2", "T1", "T2"]))
        day = draw(st.sampled_from([date(2023, 6, 1), date(2024, 1, 15), date(2024, 4, 1)]))
        closed = draw(st.booleans())
        successor = draw(st.sampled_from(["D1", "D2", "T1", "T2", ""])) if closed else ""
        parent = draw(st.sampled_from(["YL", "D1", "D2"]))
        if parent == code or successor == code:
            continue
        found.append(
            Unit(code, parent, "town", day, draw(instants), day if closed else None, successor, draw(rarely_void))
        )
    return tuple(found)


@st.composite
def versions(draw, project: str) -> list[Version]:
    found = []
    for _ in range(draw(st.integers(1, 3))):
        found.append(
            Version(
                code=project,
                valid_from=draw(
                    st.sampled_from([date(2022, 1, 1), date(2023, 12, 31), date(2024, 1, 10), date(2024, 3, 5)])
                ),
                known_at=draw(instants),
                host=draw(st.sampled_from(HOLDERS)),
                introducer=draw(st.sampled_from(HOLDERS)),
                lead_department=draw(st.sampled_from(HOLDERS)),
                origin=draw(st.sampled_from(["省外", "境外", "市内", ""])),
                kind=draw(st.sampled_from(["招商引资", "招商引资", "招商引资", "政府投资", "技术改造"])),
                contract_kind=draw(st.sampled_from(["合同", "协议", ""])),
                total_investment=draw(st.none() | amounts),
                strategic=draw(st.none() | st.booleans()),
                excluded=draw(st.sampled_from(["", "", "", "重复"])),
                void_at=draw(rarely_void),
            )
        )
    return found


@st.composite
def stages(draw, project: str) -> list[Stage]:
    return [
        Stage(
            project,
            draw(st.sampled_from(STAGES)),
            draw(days),
            draw(instants),
            draw(maybe_instants | instants),
            draw(rarely_void),
            draw(said),
        )
        for _ in range(draw(st.integers(0, 5)))
    ]


@st.composite
def figures(draw, subject: str, is_unit: bool = False) -> list[Figure]:
    """A measure's column is in-period or cumulative for one subject, as one form says."""
    found = []
    for measure in draw(st.lists(st.sampled_from(MEASURES), max_size=2, unique=True)):
        cumulative = draw(st.booleans())
        periods = [p for p in PERIODS if not (cumulative and "旬" in p)]
        for _ in range(draw(st.integers(1, 5))):
            found.append(
                Figure(
                    subject,
                    measure,
                    draw(st.sampled_from(periods)),
                    draw(st.none() | amounts | amounts),
                    draw(instants),
                    draw(maybe_instants | instants),
                    cumulative,
                    is_unit,
                    draw(rarely_void),
                    draw(said),
                )
            )
    return found


@st.composite
def shares(draw, project: str) -> list[Share]:
    found = []
    for n in range(draw(st.sampled_from([0, 0, 1, 2]))):
        full = draw(st.booleans())
        holders = draw(st.lists(st.sampled_from([h for h in HOLDERS if h]), min_size=1, max_size=3, unique=True))
        parts = draw(
            st.sampled_from([[(1, 1)], [(1, 3), (2, 3)], [(1, 3)] * 3, [(123457, 1000000), (876543, 1000000)]])
        )
        role = draw(st.sampled_from(["host", "host", "introducer"]))
        measure = draw(st.sampled_from(["", "", "invest_completed", "funds_in_place"]))
        day = draw(st.sampled_from([date(2023, 1, 1), date(2024, 2, 1)]))
        known = draw(instants)
        for i, holder in enumerate(holders):
            if full:
                num, den = 1, 1
            elif i < len(parts) and len(holders) >= len(parts):
                num, den = parts[i]
            else:
                continue
            found.append(
                Share(project, role, holder, num, den, day, known, f"{project}-{n}", measure, full, draw(rarely_void))
            )
    return found


@st.composite
def cities(draw) -> City:
    projects = PROJECTS[: draw(st.integers(1, len(PROJECTS)))]
    on_units = draw(st.sampled_from([frozenset(), frozenset(), frozenset({"jobs_added"})]))
    figures_found = [f for p in projects for f in draw(figures(p))]
    if on_units or draw(st.booleans()):
        figures_found += draw(figures("D1", is_unit=True))
    unit_codes = st.sampled_from(["YL", "D1", "D2", "T1"])
    return City(
        year_begins_in=draw(st.sampled_from([1, 1, 12])),
        merge_jan_feb=draw(st.booleans()),
        on_units=on_units,
        perimeters=draw(st.sampled_from([{}, {"zone": ("T1", "D2")}])),
        units=draw(units()),
        versions=tuple(v for p in projects for v in draw(versions(p))),
        stages=tuple(e for p in projects for e in draw(stages(p))),
        figures=tuple(figures_found),
        shares=tuple(s for p in projects for s in draw(shares(p))),
        lists=tuple(
            Listed(draw(st.sampled_from(projects)), "重点", draw(st.sampled_from([date(2023, 1, 1), date(2024, 1, 5)])), draw(instants), draw(st.none() | days), draw(rarely_void))
            for _ in range(draw(st.integers(0, 3)))
        ),
        plans=tuple(
            Plan(draw(st.sampled_from(projects)), draw(st.sampled_from([2023, 2024])), draw(st.none() | amounts), draw(instants), draw(rarely_void))
            for _ in range(draw(st.integers(0, 3)))
        ),
        targets=tuple(
            Target(draw(unit_codes), "invest_completed", draw(st.sampled_from(["2024", "2023"])), draw(amounts), draw(instants), draw(st.sampled_from(["guaranteed", "striving"])), draw(st.sampled_from(["above", "own"])), draw(rarely_void))
            for _ in range(draw(st.integers(0, 3)))
        ),
    )  # fmt: skip


questions = st.builds(
    Asked,
    period=st.sampled_from(ASKED),
    span=st.sampled_from(["period", "ytd", "ytd", "since"]),
    cut=st.integers(1, 13),
    basis=st.sampled_from(["verified", "verified", "filed"]),
    role=st.sampled_from(["host", "host", "introducer", "lead_department"]),
    list=st.sampled_from([None, None, None, "重点"]),
)
LINES = ("YL", "D1", "D2", "T1", "T2", "X9")
ONE_DAY = timedelta(days=1)
