"""A city whose units, groups and lists bear names of its own: an outside program knows no profile, only the import files."""

from __future__ import annotations


def test_its_units_groups_and_lists_are_taken_and_its_top_unit_is_the_whole(office):
    units = office.take(
        "units",
        """
        单位代码,单位名称,上级代码,类别,考核组,启用日期
        C0,某市,,city,,2020-01-01
        A,甲县,C0,district,第一组,2020-01-01
        A1,甲一镇,A,town,,2020-01-01
        D1,商务局,C0,department,,2020-01-01
        """,
    )
    assert [one["code"] for one in units["findings"]] == ["import.row.unlisted"]
    office.take(
        "projects",
        """
        code,name,host,introducer,kind,total_investment,valid_from
        P1,一,A1,D1,招商引资,20000,2024-01-01
        P2,二,A,,招商引资,10000,2024-01-01
        P3,三,,,招商引资,5000,2024-01-01
        """,
    )
    lists = office.take("lists", "project,list,valid_from\nP1,重点攻坚,2024-01-01")
    assert [one["code"] for one in lists["findings"]] == ["import.row.unlisted"]
    office.take(
        "stages",
        """
        project,stage,occurred_on,verified
        P1,签约,2024-01-05,是
        P2,签约,2024-01-06,是
        P3,签约,2024-02-06,是
        """,
    )
    assert office.everywhere("2024-03", "signed_count") == {"C0": 3, "A": 2, "A1": 1, "D1": 0, None: 1}
    by_introducer = office.everywhere("2024-03", "signed_count", "--role", "introducer")
    assert by_introducer == {"C0": 3, "A": 0, "A1": 0, "D1": 1, None: 2}
    assert office.everywhere("2024-03", "signed_count", "--list", "重点攻坚")["C0"] == 1
    traced = office.run("trace", "signed_count", "--period", "2024-03", "--unit", "C0", "--role", "introducer")
    assert [(row["subject"], row["weighted"]) for row in traced["rows"]] == [("P1", 1), ("P2", 1), ("P3", 1)]
    paper = office.run("bulletin", "2024-03", "--edition", "flash", "-o", str(office.folder / "paper.xlsx"))
    assert paper["edition"] == "flash"


def test_filed_now_a_list_and_a_group_must_be_the_profiles(office):
    office.take("units", "code,name,parent,kind,valid_from\nC0,某市,,city,2020-01-01")
    office.take("projects", "code,name,host,kind,valid_from\nP1,一,C0,招商引资,2024-01-01")
    lists = office.file("project,list,valid_from\nP1,重点攻坚,2024-01-01")
    refused = office.run("import", "lists", lists, exit_code=1)
    assert [one["code"] for one in refused["problems"]] == ["import.cell.unknown_list"]
