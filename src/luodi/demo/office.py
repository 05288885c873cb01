"""Units, people, posts and accounts of the demo city, and what was loaded from its old workbooks."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from luodi.demo import names
from luodi.demo.script import Life
from luodi.demo.stage import Stage
from luodi.identity import actions as identity
from luodi.identity.values import LOCAL_OPERATOR, UnitRow
from luodi.ledger import actions as ledger
from luodi.ledger.values import Act, Actor, Row, Scalar
from luodi.projects import facts
from luodi.statistics import facts as figure_facts

BEGAN = date(2020, 1, 1)
PASSWORD = "luodi-demo"  # noqa: S105  said on the sign-in page of a synthetic store
OPERATOR = Actor(LOCAL_OPERATOR, "demo")
FILERS = (*names.DISTRICTS, *names.PARKS)
MERGED = ("YL0301", "YL0302", "YL0305")  # two towns become one
MERGED_ON = date(2025, 3, 1)
CHANGE_ON = date(2025, 9, 1)  # people change posts

# account on the sign-in page: (unit, role)
ACCOUNTS = {
    "leader": ("YL", "city_leader"),
    "county": ("YL01", "reporter"),
    "checker": ("YL01", "checker"),
    "head": ("YL01", "signer"),
    "acceptor": ("YLD03", "acceptor"),
    "centre": ("YLD02", "project_centre"),
    "promotion": ("YLD01", "promotion_bureau"),
    "secretary": ("YL01", "project_secretary"),
    "supervision": ("YLD08", "supervision"),
    "auditor": ("YLD09", "auditor"),
    "sysadmin": ("YLD28", "system_admin"),
    "secadmin": ("YLD28", "security_admin"),
    "auditadmin": ("YLD28", "audit_admin"),
}
SECRETARIES = 4  # of each county and park


class Office:
    """Who sits where. Ids say nothing of a person: `unit-role`."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.secretaries: dict[str, list[str]] = defaultdict(list)
        self.known: set[str] = set()  # projects registered in the demo's months
        self.reached: dict[str, int] = {}  # how many stages of each have been claimed
        self.waiting: set[str] = set()  # projects with a claim nobody has decided
        self.answered: set[str] = set()  # projects that somebody answers for
        self.listed: set[str] = set()
        self.with_nodes: list[str] = []
        self.troubled: list[str] = []

    def open(self, end: date) -> None:
        """Set up units, people and posts on the first morning."""
        on = self.stage.at(self.stage.first, 8)
        identity.record_units(self.units(end), actor=OPERATOR, on=on)
        for unit, name, _ in FILERS:
            self.staff(unit, name, on)
        for unit, role in self.offices():
            self.appoint(f"{unit}-{role}", unit, role, on)
        self.appoint("YLD03-keeper", "YLD03", "project_centre", on)  # keeps the provincial list
        for login, (unit, role) in ACCOUNTS.items():
            person = self.person_of(login)
            if person == f"demo-{login}":
                self.appoint(person, unit, role, on)
        self.give_accounts()

    def units(self, end: date) -> list[UnitRow]:
        """List the units of the city with their history; the merger lies in the past of the demo's end, or is left out."""
        rows = [UnitRow("YL", "云岭市", "city", BEGAN)]
        rows += [UnitRow(code, name, "district", BEGAN, "YL", group) for code, name, group in names.DISTRICTS]
        rows += [UnitRow(code, name, "park", BEGAN, "YL", group) for code, name, group in names.PARKS]
        for n, name in enumerate(names.DEPARTMENTS, 1):
            rows.append(
                UnitRow(f"YLD{n:02}", f"市{name}", "department", BEGAN, "YL", "G4" if n <= names.ECONOMIC else "G5")
            )
        for n in range(1, 21):
            rows.append(UnitRow(f"YLS{n:02}", f"招商小分队第{n}组", "squad", BEGAN, "YLD01", "G6"))
        for code, _, _ in names.DISTRICTS:
            for n in range(1, 4):
                name = names.TOWN_NAMES[(int(code[2:]) * 3 + n) % len(names.TOWN_NAMES)]
                rows.append(UnitRow(f"{code}{n:02}", f"{name}镇", "town", BEGAN, code))
        if end > MERGED_ON:
            one, other, new = MERGED
            rows.append(UnitRow(new, "新石镇", "town", MERGED_ON, "YL03"))
            named = {row.code: row for row in rows}
            rows += [
                UnitRow(code, named[code].name, "town", MERGED_ON, "YL03", successor=new, valid_to=MERGED_ON)
                for code in (one, other)
            ]
        return rows

    def offices(self) -> list[tuple[str, str]]:
        """List the posts of offices that accept forms and verify stages."""
        roles = {
            "YLD01": "promotion_bureau",
            "YLD02": "project_centre",
            "YLD07": "statistics_bureau",
            "YLD08": "supervision",
        }
        return [(f"YLD{n:02}", roles.get(f"YLD{n:02}", "acceptor")) for n in range(1, 11)]

    def staff(self, unit: str, name: str, on: date) -> None:
        """Give a county or park its reporter, checker, signer and secretaries."""
        for role in ("reporter", "checker", "signer"):
            self.appoint(f"{unit}-{role}", unit, role, on)
        for n in range(1, SECRETARIES + 1):
            person = f"{unit}-secretary{n}"
            self.appoint(person, unit, "project_secretary", on)
            self.secretaries[unit].append(person)
        self.appoint(f"{unit}-sponsor", unit, "sponsor", on)

    def appoint(self, person: str, unit: str, role: str, on: date) -> None:
        """Register a person and give the post."""
        phone = f"0000-{self.stage.rng.randrange(10**7):07}"
        identity.register_person(person=person, name=names.person(self.stage.rng), phone=phone, actor=OPERATOR, on=on)
        identity.give_post(person=person, unit=unit, role=role, valid_from=BEGAN, actor=OPERATOR, on=on)

    def person_of(self, login: str) -> str:
        """Tell who an account of the sign-in page is: the very person who works in the demo, if there is one."""
        unit, role = ACCOUNTS[login]
        if role in ("reporter", "checker", "signer") or (
            unit in {code for code, _ in self.offices()} and dict(self.offices())[unit] == role
        ):
            return f"{unit}-{role}"
        return f"{unit}-secretary1" if role == "project_secretary" else f"demo-{login}"

    def give_accounts(self) -> None:
        """Make the sign-in page's accounts."""
        from django.contrib.auth.hashers import make_password

        from luodi.web.models import Account

        same = make_password(
            PASSWORD
        )  # one hash for all: it is slow on purpose, and the password is printed on the page
        Account.objects.bulk_create(
            Account(login=login, person=self.person_of(login), password=same) for login in ACCOUNTS
        )

    def accounts(self) -> list[str]:
        """List the sign-in page's accounts."""
        return list(ACCOUNTS)

    def load_history(self, lives: list[Life]) -> None:
        """Load what the old workbooks held: projects with their stages so far, and each one's investment in one figure a year."""
        self.stage.at(self.stage.first, 10)
        acts = []
        for at in range(0, len(lives), 200):
            part = lives[at : at + 200]
            rows = {"projects.ProjectVersion": [self.version_row(life) for life in part]}
            acts.append(Act(facts.VERSION_RECORDED, "history", rows=rows))
            acts.append(Act(facts.STAGE_RECORDED, "history", rows={"projects.StageEvent": self.event_rows(part)}))
            acts.append(
                Act(figure_facts.FIGURE_RECORDED, "history", rows={"statistics.Figure": self.figure_rows(part)})
            )
        ledger.record([act for act in acts if any(act.rows.values())], actor=OPERATOR, import_id="demo-history")

    def version_row(self, life: Life) -> Row:
        """Write a project as the old workbook has it."""
        values: dict[str, Scalar] = version_values(life) | {
            "valid_from": life.began, "known_at": self.stage.instant(life.began, 0), "loaded": True, "excluded": None,
            "national_code": life.national_code if life.day("落地") or life.kind != "招商引资" else "",
        }  # fmt: skip
        return tuple(values[column] for column in facts.VERSION_COLUMNS)

    def event_rows(self, lives: list[Life]) -> list[Row]:
        """Write the stages reached before the first month."""
        rows: list[Row] = []
        for life in lives:
            for stage, day in life.stages:
                if day < self.stage.first:
                    known = self.stage.instant(day, 0)
                    values: dict[str, Scalar] = {
                        "project": life.code, "stage": stage, "occurred_on": day, "month_only": False, "verified_at": known,
                        "evidence": [], "evidence_note": "原台账已核", "claimed_by": life.host, "verifier": "",
                        "known_at": known, "loaded": True,
                    }  # fmt: skip
                    rows.append(tuple(values.get(column) for column in facts.STAGE_COLUMNS))
        return rows

    def figure_rows(self, lives: list[Life]) -> list[Row]:
        """Write one figure for each year before the first month."""
        rows: list[Row] = []
        for life in lives:
            for measure, figure in (("invest_completed", life.invest), ("funds_in_place", life.funds)):
                for year in sorted({month.year for month in figure.months if month < self.stage.first}):
                    total = sum((value for month, value in figure.months.items() if month.year == year), Decimal(0))
                    known = self.stage.instant(date(year, 12, 31), 23)
                    values: dict[str, Scalar] = {
                        "subject": life.code, "subject_kind": "project", "measure": measure, "period": str(year),
                        "period_first": date(year, 1, 1), "period_last": date(year, 12, 31), "value": total, "column": "period",
                        "form": "", "unit": life.host, "accepted_at": known, "foreign_amount": None, "foreign_currency": "",
                        "rate": None, "rate_on": None, "known_at": known, "loaded": True,
                    }  # fmt: skip
                    rows.append(tuple(values[column] for column in figure_facts.FIGURE_COLUMNS))
        return rows


def version_values(life: Life) -> dict[str, Scalar]:
    """Give what a project is, by column."""
    signed = any(stage != "线索" and stage != "在谈" for stage, _ in life.stages)
    return {
        "code": life.code, "name": life.name, "host": life.host, "introducer": life.introducer,
        "lead_department": life.lead_department, "investor": life.investor, "uscc": life.uscc if signed else "",
        "national_code": life.national_code, "origin": life.origin, "kind": life.kind, "nature": life.nature,
        "industry": life.industry, "industry_edition": "2017", "chain": life.chain,
        "contract_kind": "合同" if signed else "意向", "content": f"建设{life.name.removesuffix('项目')}及配套设施",
        "total_investment": life.total, "fixed_investment": life.total * Decimal("0.8"), "strategic": life.strategic,
        "attributes": {"site": f"{life.host}产业园区（虚构）", "energy_review": "已批", "promised_start": str(life.day("开工") or "")},
    }  # fmt: skip
