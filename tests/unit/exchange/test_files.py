"""Files that are broken, hostile or not what they seem: refused with words before anything reads them."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from luodi.exchange import inspection, tables
from luodi.exchange.refusals import BadFile
from luodi.kernel import problem


def code_of(path: Path) -> str:
    with pytest.raises(BadFile) as refusal:
        tables.read(path)
    found = refusal.value.problems[0]
    for language in problem.LANGUAGES:
        assert "{" not in found.message(language), found.message(language)
    return found.code.removeprefix("import.file.")


@pytest.fixture
def book(tmp_path):
    """A small good workbook."""
    path = tmp_path / "a.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.append(["code", "name"])
    workbook.active.append(["P1", "甲"])
    workbook.save(path)
    return path


def with_part(book: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return book


def test_a_good_workbook_is_read(book):
    assert [list(row) for row in tables.read(book).sheets[0].rows] == [["code", "name"], ["P1", "甲"]]


def test_empty(tmp_path):
    for name in ("a.xlsx", "a.xls", "a.csv"):
        (tmp_path / name).write_bytes(b"")
        assert code_of(tmp_path / name) == "empty"
    openpyxl.Workbook().save(tmp_path / "b.xlsx")
    assert code_of(tmp_path / "b.xlsx") == "empty"
    (tmp_path / "b.csv").write_text("\n\n")
    assert code_of(tmp_path / "b.csv") == "empty"


@pytest.mark.parametrize(
    ("name", "code"), [("a.et", "wps"), ("a.xlsm", "macros"), ("a.xlsb", "binary"), ("a.docx", "other"), ("a", "other")]
)
def test_other_kinds_of_file_say_what_to_do(tmp_path, name, code):
    (tmp_path / name).write_bytes(b"PK\x03\x04 whatever")
    assert code_of(tmp_path / name) == code


def test_renamed(book, tmp_path):
    for name in ("b.xls", "b.csv"):
        (tmp_path / name).write_bytes(book.read_bytes())
        assert code_of(tmp_path / name) == "renamed"
    old = xlwt.Workbook()
    old.add_sheet("a").write(0, 0, "x")
    old.save(str(tmp_path / "c.xlsx"))
    assert code_of(tmp_path / "c.xlsx") == "renamed"
    (tmp_path / "d.xlsx").write_text("code,name\n")
    assert code_of(tmp_path / "d.xlsx") == "not_a_workbook"
    (tmp_path / "e.xls").write_text("<html><table><tr><td>code</td></tr></table></html>")
    assert code_of(tmp_path / "e.xls") == "web_page"
    with zipfile.ZipFile(tmp_path / "f.xlsx", "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    assert code_of(tmp_path / "f.xlsx") == "not_a_workbook"


def test_cut_off(book, tmp_path):
    data = book.read_bytes()
    (tmp_path / "b.xlsx").write_bytes(data[: len(data) // 2])
    assert code_of(tmp_path / "b.xlsx") == "broken"
    old = xlwt.Workbook()
    old.add_sheet("a").write(0, 0, "x")
    old.save(str(tmp_path / "c.xls"))
    data = (tmp_path / "c.xls").read_bytes()
    (tmp_path / "c.xls").write_bytes(data[:600])
    assert code_of(tmp_path / "c.xls") == "broken"


def test_a_zip_bomb_is_not_unpacked(book, monkeypatch):
    monkeypatch.setattr(inspection, "SMALL_UNPACKED", 1_000_000)
    assert code_of(with_part(book, "xl/media/image1.png", b"\0" * 60_000_000)) == "bomb"


def test_a_bomb_that_lies_about_its_size(book, monkeypatch):
    monkeypatch.setattr(inspection, "MOST_UNPACKED", 5_000_000)
    with_part(book, "xl/worksheets/sheet9.xml", b" " * 20_000_000)
    data = bytearray(book.read_bytes())
    at = data.rfind(b"PK\x01\x02")  # the last entry of the directory: sheet9
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    book.write_bytes(data)
    assert code_of(book) in ("bomb", "broken")


def test_two_cells_far_apart_do_not_claim_the_memory_between(book, tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "code"
    workbook.active["IA1048576"] = "x"
    workbook.save(tmp_path / "b.xlsx")
    assert code_of(tmp_path / "b.xlsx") == "mostly_empty"


def test_three_hundred_columns(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append([f"c{n}" for n in range(300)])
    workbook.save(tmp_path / "b.xlsx")
    assert code_of(tmp_path / "b.xlsx") == "too_wide"
    (tmp_path / "b.csv").write_text(",".join(f"c{n}" for n in range(300)))
    assert code_of(tmp_path / "b.csv") == "too_wide"


def test_macros_and_links(book, tmp_path):
    other = tmp_path / "b.xlsx"
    other.write_bytes(book.read_bytes())
    assert code_of(with_part(book, "xl/vbaProject.bin", b"x")) == "macros"
    assert code_of(with_part(other, "xl/externalLinks/externalLink1.xml", b"<externalLink/>")) == "external_links"


def test_encrypted(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(inspection.OLE_MAGIC + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)
    assert code_of(path) == "encrypted"


def test_parts_with_a_password_or_packed_strangely(book, tmp_path):
    for at, value, code in ((8, 1, "encrypted"), (10, 99, "broken")):  # in each entry of the directory: flags, method
        data = bytearray(book.read_bytes())
        entry = data.find(b"PK\x01\x02")
        while entry >= 0:
            data[entry + at] = value
            entry = data.find(b"PK\x01\x02", entry + 4)
        (tmp_path / "b.xlsx").write_bytes(data)
        assert code_of(tmp_path / "b.xlsx") == code


def test_formulas_and_errors_are_found_wherever_a_reader_would_pass_them_over(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["A1"], sheet["B2"], sheet["AB30"] = "x", "=1+1", "=NA()"
    workbook.save(path)
    assert tables.read(path).sheets[0].formulas == {(1, 1), (29, 27)}
    made = xlsxwriter.Workbook(str(tmp_path / "b.xlsx"))
    made.add_worksheet("一")
    page = made.add_worksheet("二 & 三")
    page.write(0, 0, "x")
    page.write_formula(4, 2, "=NA()", None, "#N/A")
    made.close()
    found = tables.read(tmp_path / "b.xlsx").sheets[0]
    assert (found.name, found.formulas, found.errors) == ("二 & 三", {(4, 2)}, {(4, 2)})


def test_formulas_of_old_workbooks(tmp_path):
    old = xlwt.Workbook()
    old.add_sheet("a").write(0, 0, "x")
    sheet = old.add_sheet("b")
    sheet.write(3, 2, xlwt.Formula("1+1"))
    sheet.write(4, 2, date(2024, 5, 3), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    old.save(str(tmp_path / "a.xls"))
    first, second = tables.read(tmp_path / "a.xls").sheets
    assert (first.formulas, second.formulas) == (frozenset(), {(3, 2)})
    assert second.rows[4][2] == date(2024, 5, 3)


def test_old_workbooks_of_many_sectors(tmp_path):
    old = xlwt.Workbook()
    sheet = old.add_sheet("a")
    for row in range(3000):
        sheet.write(row, 0, f"row {row}")
    sheet.write(2999, 1, xlwt.Formula("A1"))
    old.save(str(tmp_path / "a.xls"))
    found = tables.read(tmp_path / "a.xls").sheets[0]
    assert found.formulas == {(2999, 1)} and found.rows[2999][0] == "row 2999"


@pytest.mark.parametrize("epoch", [False, True])
def test_dates_of_both_calendars(tmp_path, epoch):
    made = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"date_1904": epoch})
    made.add_worksheet().write_datetime(0, 0, date(2024, 5, 3), made.add_format({"num_format": "yyyy-mm-dd"}))
    made.close()
    assert tables.read(tmp_path / "a.xlsx").sheets[0].rows[0][0] == date(2024, 5, 3)


def test_hidden_sheets_are_not_read(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["code"])
    hidden = workbook.create_sheet("h")
    hidden.append(["secret"])
    hidden.sheet_state = "hidden"
    workbook.save(tmp_path / "a.xlsx")
    assert len(tables.read(tmp_path / "a.xlsx").sheets) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_in_the_encodings_of_offices(tmp_path, encoding):
    (tmp_path / "a.csv").write_bytes("项目编号,项目名称\r\nP1,甲\r\n".encode(encoding))
    book = tables.read(tmp_path / "a.csv")
    assert [list(row) for row in book.sheets[0].rows] == [["项目编号", "项目名称"], ["P1", "甲"]]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_divided_by_other_signs(tmp_path, separator):
    (tmp_path / "a.csv").write_text(separator.join(["code", "name"]) + "\n" + separator.join(["P1", '"a\nb"']), "utf-8")
    assert list(tables.read(tmp_path / "a.csv").sheets[0].rows[1]) == ["P1", "a\nb"]


def test_wrong_encodings(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("项目编号".encode("utf-16"))
    assert code_of(path) == "utf16"
    path.write_bytes(b"code\x00name")
    assert code_of(path) == "not_text"
    path.write_bytes(b"\xff\xfa\xff code")
    assert code_of(path) == "encoding"
    path.write_bytes(("项目" * 20).encode("utf-8")[:-1] + b"\n")
    assert code_of(path) == "encoding"


def test_cells_are_named_as_people_read_them():
    assert [inspection.cell_name(row, column) for row, column in ((0, 0), (4, 25), (9, 26), (0, 701), (0, 702))] == [
        "A1",
        "Z5",
        "AA10",
        "ZZ1",
        "AAA1",
    ]
    assert [inspection.column_number(letters) for letters in (b"A", b"Z", b"AA", b"ZZ", b"AAA")] == [
        0,
        25,
        26,
        701,
        702,
    ]
