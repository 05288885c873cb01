"""Tables, templates and forms out; and back in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest

from luodi.codebook import queries as codebook
from luodi.exchange import exporting, filling, kinds, mapping, tables, templates, writing
from luodi.exchange.exporting import Filters
from luodi.exchange.refusals import BadFile, BadMapping
from luodi.identity.permissions import NotAllowed
from luodi.projects.models import Attribution, ProjectVersion, StageEvent
from luodi.statistics.models import Figure
from tests import city
from tests.integration.exchange.conftest import lines

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 2)


@pytest.fixture
def city_with_rows(full):
    full.take(
        "stages",
        "project,stage,occurred_on,verified,evidence\nP1,签约,2024-01-20,是,合同\nP1,开工,2024.03,是,\nP1,竣工,2025-03-01,否,",
    )
    full.take("stages", "project,stage,occurred_on,void,known_at\nP1,竣工,2025-03-01,是,2025-04-01")
    full.take(
        "figures",
        "subject,measure,period,value,form,accepted\nP1,invest_completed,2024-03,80.123456,YL-T1,是\nP1,invest_completed,2024-03,90,YL-T1,\nP2,jobs_added,2024-03,7,YL-T3,是",
    )
    full.take(
        "attributions", "project,role,unit,share,valid_from\nP1,属地,YL01,1/3,2024-02-01\nP1,属地,YL02,2/3,2024-02-01"
    )
    full.take("targets", "unit,indicator,period,value\nYL01,invest_completed,2024,100000\nYL01,start_rate,2024,85")
    full.take("lists", "project,list,valid_from\nP1,省重点,2024-01-01\nP2,市重点,2024-06-01")
    full.take("plans", "project,year,month,invest\nP1,2024,,500\nP1,2024,3,500")
    full.take("notes", "project,period,progress\nP1,2024-03,打桩")
    full.take("enterprises", "code,name,aliases\nE1,+青石（演示）,青石")
    full.take(
        "projects", "code,name,host,kind,valid_from,land_mu,promised_output\nP3,丙厂,YL02,政府投资,2024-03-01,12.5,300"
    )
    return full


def out(desk, kind, name="o.csv", *, actor=city.OPERATOR, layout=None, codes=False, **filters):
    path = desk.folder / name
    profile = codebook.profile()
    table = exporting.table(kind=kind, profile=profile, actor=actor, today=TODAY, filters=Filters(**filters))
    writing.write(table, out=path, profile=profile, layout=layout, codes=codes)
    return path


def test_what_is_in_force_comes_out(city_with_rows):
    rows = lines(out(city_with_rows, "stages"))
    assert [(row["项目编号"], row["阶段"], row["发生日期"], row["已核实"], row["佐证"]) for row in rows] == [
        ("P1", "签约", "2024-01-20", "是", "合同"), ("P1", "开工", "2024.03", "是", ""),
    ]  # fmt: skip
    rows = lines(out(city_with_rows, "figures"))
    assert [(row["对象编号"], row["数值"], row["已审核"]) for row in rows] == [
        ("P1", "80.123456", "是"),
        ("P2", "7", "是"),
    ]
    assert [row["目标值"] for row in lines(out(city_with_rows, "targets"))] == ["100000", "85"]
    assert lines(out(city_with_rows, "enterprises"))[0]["企业名称"] == "'+青石（演示）"
    assert lines(out(city_with_rows, "projects", projects=("P3",)))[0]["约定年产值（万元）"] == "300"


def test_filters(city_with_rows):
    assert len(lines(out(city_with_rows, "lists", lists=("省重点",)))) == 1
    assert len(lines(out(city_with_rows, "lists", since=date(2024, 5, 1)))) == 1
    assert len(lines(out(city_with_rows, "lists", until=date(2024, 5, 1)))) == 1
    assert len(lines(out(city_with_rows, "figures", measures=("jobs_added",)))) == 1
    assert len(lines(out(city_with_rows, "figures", periods=("2024-04",)))) == 0
    assert len(lines(out(city_with_rows, "stages", stages=("开工",), projects=("P1",)))) == 1
    assert len(lines(out(city_with_rows, "targets", units=("YL02",)))) == 0
    assert len(lines(out(city_with_rows, "stages", as_of=city.at(date(2024, 2, 1))))) == 1


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_history_out_and_in_again_changes_nothing(city_with_rows, suffix):
    city.stand(date(2025, 6, 3))
    for kind in kinds.KINDS:
        path = out(city_with_rows, kind, f"{kind}.{suffix}", history=True)
        if kind == "units":  # made by the city itself, not loaded
            continue
        answer = city_with_rows.take(kind, path)
        assert answer.rows == answer.unchanged > 0, (kind, answer)


def test_in_the_columns_of_a_mapping(city_with_rows):
    path = city_with_rows.file(
        "columns:\n  code: ID\n  kind: Type\n  total_investment: {column: Total, unit: 元}\n  valid_from: {column: From, dates: [D/M/YYYY]}\n  nature: {value: x}\n"
        "values: {kind: {FDI: 招商引资}}\nattributes: {land_mu: Land}\n",
        "m.yaml",
    )
    layout = mapping.load(path, kinds.PROJECTS, frozenset({"land_mu"}))
    rows = lines(out(city_with_rows, "projects", layout=layout))
    assert rows[0] == {"ID": "P1", "Type": "FDI", "Total": "500000000", "From": "10/1/2024", "nature": "x", "Land": ""}


def test_workbooks_hold_numbers_days_and_long_numbers_as_text(city_with_rows):
    ProjectVersion.objects.filter(code="P1").update(total_investment=Decimal("12345678901234.56789"))
    path = out(city_with_rows, "projects", "o.xlsx", codes=True)
    sheet = tables.read(path).sheets[0]
    head = list(sheet.rows[0])
    cells = {row[0]: dict(zip(head, row, strict=True)) for row in sheet.rows[1:]}
    assert cells["P1"]["total_investment（万元）"] == "1234567890.123456789"
    assert cells["P2"]["total_investment（万元）"] == 8000.0
    assert cells["P2"]["valid_from"] == date(2024, 2, 1)


def test_others_get_their_own_rows_and_no_names_before_signing(city_with_rows):
    reporter = city.actor("rep1", "YL01")
    table = exporting.table(kind="projects", profile=codebook.profile(), actor=reporter, today=TODAY)
    assert {row["code"] for row in table.rows} == {"P1"} and table.withheld == 2
    acceptor = city.actor("reform", "YLD03")  # the whole city, but not the names
    rows = {
        row["code"]: row
        for row in exporting.table(kind="projects", profile=codebook.profile(), actor=acceptor, today=TODAY).rows
    }
    assert (rows["P1"]["name"], rows["P2"]["name"], rows["P3"]["promised_output"]) == (
        "晨光智能工厂",
        exporting.VEIL,
        exporting.VEIL,
    )
    with pytest.raises(NotAllowed):
        exporting.table(kind="projects", profile=codebook.profile(), actor=city.actor("sysadmin", "YLD10"), today=TODAY)


def test_other_files_are_refused(city_with_rows):
    with pytest.raises(BadFile):
        out(city_with_rows, "projects", "o.pdf")


# --- templates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", kinds.KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_has_drop_downs_and_notes_and_reads_back(desk, kind, language):
    path = desk.folder / f"{kind}.xlsx"
    templates.write(kind=kind, profile=codebook.profile(), out=path, language=language, units=[("YL", "云岭市")])
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert all(
        cell.comment is not None and "{" not in cell.comment.text and "exchange." not in cell.comment.text
        for cell in sheet[1]
    )
    listed = (
        "yes_no",
        "stage",
        "list",
        "measure",
        "indicator",
        "role",
        "mode",
        "unit_kind",
        "group",
        "target_kind",
        "vocabulary",
    )
    wanted = any(column.read.partition(":")[0] in listed for column in kinds.KINDS[kind].columns)
    assert bool(sheet.data_validations.dataValidation) is wanted
    answer = desk.take(kind, path)
    assert (answer.rows, answer.unknown_columns) == (0, ())


def test_a_filled_template_is_taken(full):
    path = full.folder / "t.xlsx"
    templates.write(kind="attributions", profile=codebook.profile(), out=path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    for number, (unit, share) in enumerate((("YL01", "1/3"), ("YL02", "2/3")), 2):
        given = {"项目编号": "P1", "角色": "属地", "单位代码": unit, "份额": share, "起始日期": date(2024, 2, 1)}
        for at, name in enumerate(head, 1):
            sheet.cell(number, at, given.get(name))
    book.save(path)
    assert full.take("attributions", path).loaded == 2
    assert {(row.share_num, row.share_den) for row in Attribution.objects.all()} == {(1, 3), (2, 3)}


# --- forms -------------------------------------------------------------------------------------------------------

FORM = """
sheet: 表一
cells:
  B1: {text: "填报期间：{period}"}
  C9: {indicator: invest_completed, unit: YL, in: 亿元, places: 2}
rows:
  first: 3
  units: {match: B}
  columns:
    A: {is: number}
    C: {indicator: invest_completed, in: 万元}
    D: {indicator: start_rate, in: "%", places: 1, missing: "—"}
"""
UNITS = filling.Units({"YL": "云岭市", "YL01": "东川区", "YL02": "西岭县"}, {"YL": ["YL01", "YL02"]})


@pytest.fixture
def form(tmp_path):
    path = tmp_path / "form.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表一"
    sheet["A2"], sheet["B3"], sheet["B4"], sheet["B5"], sheet["C8"] = "序号", "东川区", "西 岭县", "火星", "=SUM(C3:C4)"
    book.save(path)
    return path


def load_form(tmp_path, text):
    (tmp_path / "f.yaml").write_text(text, "utf-8")
    return filling.load(tmp_path / "f.yaml", codebook.profile())


def given(asks):
    amounts = {"YL": Fraction(123_456_789), "YL01": Fraction(100_000_000, 3), "YL02": Fraction(50_000_000)}
    return {
        ask: amounts[ask.unit]
        if ask.indicator == "invest_completed"
        else (Fraction(2, 3) if ask.unit == "YL01" else None)
        for ask in asks
    }


def test_a_form_is_filled_and_otherwise_left_as_it_is(tmp_path, form):
    done = filling.fill(
        template=form,
        form=load_form(tmp_path, FORM),
        period="2024-05",
        units=UNITS,
        compute=given,
        out=tmp_path / "o.xlsx",
    )
    assert (done.cells, done.missing, done.unmatched) == (7, 1, ("火星",))
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx")["表一"]
    assert (sheet["B1"].value, sheet["C9"].value, sheet["C8"].value) == ("填报期间：2024-05", 1.23, "=SUM(C3:C4)")
    assert [[sheet.cell(row, at).value for at in (1, 2, 4)] for row in (3, 4)] == [
        [1, "东川区", 66.7],
        [2, "西 岭县", "—"],
    ]
    assert sheet["C4"].value == 5000


def test_forms_with_units_listed_or_below_one(tmp_path, form):
    for units in ("[YL01, YL02]", "{children_of: YL}"):
        text = f"rows:\n  first: 3\n  units: {units}\n  columns:\n    A: {{is: code}}\n    B: {{is: name}}\n"
        filling.fill(
            template=form,
            form=load_form(tmp_path, text),
            period="2024",
            units=UNITS,
            compute=given,
            out=tmp_path / "o.xlsx",
        )
        sheet = openpyxl.load_workbook(tmp_path / "o.xlsx").worksheets[0]
        assert [(sheet[f"A{row}"].value, sheet[f"B{row}"].value) for row in (3, 4)] == [
            ("YL01", "东川区"),
            ("YL02", "西岭县"),
        ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cells: {C8: {text: x}}", "not_free"),
        ("sheet: 表九", "absent"),
        ("cells: {C9: {indicator: invest_completed, unit: YL77}}", "unknown_unit"),
    ],
)
def test_forms_that_cannot_be_filled(tmp_path, form, text, code):
    with pytest.raises(BadFile, match=code):
        filling.fill(
            template=form,
            form=load_form(tmp_path, text),
            period="2024",
            units=UNITS,
            compute=given,
            out=tmp_path / "o.xlsx",
        )
    assert not (tmp_path / "o.xlsx").exists()


def test_mistakes_in_a_forms_mapping_are_named_all_at_once(tmp_path):
    text = """cells:
  c5: {text: a}
  C6: {indicator: profit, unit: YL, span: ever, places: x}
  C7: {indicator: tax_paid}
  C8: {is: name}
  C9: x
rows: {first: 3, units: all, columns: {A: {is: weight}}}
colour: red
"""
    with pytest.raises(BadMapping) as refusal:
        load_form(tmp_path, text)
    found = [(problem.line, problem.code) for problem in refusal.value.problems]
    assert {
        (2, "exchange.form.bad_place"),
        (3, "exchange.form.unknown_indicator"),
        (4, "exchange.form.unit_needed"),
        (8, "yaml.unknown_key"),
    } <= set(found)
    assert {code for _line, code in found} >= {
        "exchange.form.not_allowed",
        "exchange.form.one_of",
        "exchange.form.which_units",
        "exchange.form.not_a_mapping",
    }
    with pytest.raises(BadMapping):
        load_form(tmp_path, "- a")


def test_the_models_are_what_the_tables_say(city_with_rows):
    assert StageEvent.objects.count() == 3 and Figure.objects.count() == 3
