"""Delimited text: any delimiter and encoding, nothing of a cell lost, nothing added."""

import pytest

from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.tests.sheets.corpus.tables import codes, rows_of, table, text_file

TABLE = "代码,名称,值\n001,济南市,1.50\n002,青岛市,\n"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_delimiter_is_read_in_every_encoding_and_said(tmp_path, delimiter, encoding):
    path = text_file(tmp_path, TABLE.replace(",", delimiter), encoding=encoding)
    account, rows = table(path)
    assert account.columns == ("代码", "名称", "值")
    assert rows == [["2", "001", "济南市", "1.50"], ["3", "002", "青岛市", ""]]
    assert account.delimiter == delimiter
    assert account.encoding == {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)


def test_null_is_an_empty_field_and_every_value_stands_in_quotes(tmp_path):
    table(text_file(tmp_path, '名,"a ""b"""\n甲,"1,2"\n,x\n"两\r\n行",\n'))
    made = (tmp_path / "表.csv.tables" / "1.csv").read_text(encoding="utf-8")
    assert made == '"_row","名","a ""b"""\n"2","甲","1,2"\n"3",,"x"\n"4","两\n行",\n'


@pytest.mark.parametrize("count", [1, 511, 512, 513, 531, 533, 2000])
def test_rows_that_need_mending_come_out_as_those_that_do_not(tmp_path, count):
    plain = "代码,名称,值\n" + "".join(f"{n:06},名{n},{n % 3 or ''}\n" for n in range(count))
    odd = plain.replace("名7,", " 名7\u200b ,").replace("名0,", '"名0",')
    _, rows = table(text_file(tmp_path, plain, "plain.csv"))
    _, mended = table(text_file(tmp_path, odd, "odd.csv"))
    assert mended == rows
    assert len(rows) == count
    assert rows[-1][0] == str(count + 1)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_every_end_of_a_line_is_one(tmp_path, ending, last):
    lines = ["代码,名称", *(f"{number:06},名{number}" for number in range(30_000))]
    quoted = [*lines, 'z,"两\n行"', "y,末"]
    for name, text in (("plain", lines), ("quoted", quoted)):
        path = text_file(tmp_path, ending.join(text) + last.replace("\n", ending), name)
        _, rows = table(path)
        assert [row[1] for row in rows] == [line.partition(",")[0] for line in text[1:]]
    assert rows[-2:] == [["30002", "z", "两\n行"], ["30003", "y", "末"]]


def test_the_line_of_a_wrong_quote_is_counted_from_the_beginning(tmp_path):
    text = "代码,名称\n" + "x,甲\n" * 60_000 + 'y,"乙" 丙\n'
    with pytest.raises(SheetError, match="第 60002 行"):
        table(text_file(tmp_path, text))


def test_columns_and_rows_of_nothing_are_left_out_and_said(tmp_path):
    account, rows = table(text_file(tmp_path, "代码,,名称,\n1x,,甲,\n,,,\n\n2x,,乙,\n"))
    assert account.columns == ("代码", "名称")
    assert account.empty_columns == ("B", "D")
    assert rows == [["2", "1x", "甲"], ["5", "2x", "乙"]]
    assert account.skipped["blank"].first == [3, 4]


def test_a_value_far_down_in_a_column_without_a_name_keeps_the_column(tmp_path):
    text = "代码,,名称\n" + "x,,甲\n" * 900 + "x,乙,丙\n"
    account, rows = table(text_file(tmp_path, text))
    assert account.columns == ("代码", "列2", "名称")
    assert rows[-1] == ["902", "x", "乙", "丙"]
    assert codes(account) == ["column_unnamed"]


def test_names_that_stand_there_twice_differ_afterwards(tmp_path):
    account, _ = table(text_file(tmp_path, "名称,名 称,名称_2,值\n甲,乙,丙,1\n"))
    assert account.columns == ("名称", "名称_3", "名称_2", "值")
    assert account.renamed == {"名称_3": "名称"}
    assert codes(account) == ["column_twice"]


def test_totals_and_remarks_at_the_end_and_repeated_headers_are_no_rows(tmp_path):
    body = "代码,名称,值\nx,甲,1\n小计,,1\n代码,名称,值\ny,乙,2\n"
    account, rows = table(text_file(tmp_path, f"{body}\n合 计,,3\n\n注：数据截至2024年底。,,\n"))
    assert [row[1] for row in rows] == ["x", "小计", "y"]
    reasons = {reason: one.first for reason, one in account.skipped.items()}
    assert reasons == {"header": [4], "total": [7], "remark": [9], "blank": [6, 8]}
    assert codes(account) == ["headers_repeated", "totals", "remarks", "totals_inside"]


def test_a_total_that_begins_a_table_is_a_row(tmp_path):
    account, rows = table(text_file(tmp_path, "地区,人口\n合计,3\n" + "济南,1\n" * 600))
    assert rows[0] == ["2", "合计", "3"]
    assert codes(account) == ["totals_inside"]


def test_rows_of_too_many_cells_are_left_out_and_said_and_short_ones_are_filled(tmp_path):
    account, rows = table(text_file(tmp_path, "a名,b名\nx,1\ny,1,2\nz\nw,1,\n"))
    assert rows == [["2", "x", "1"], ["4", "z", ""], ["5", "w", "1"]]
    assert account.skipped["long"].first == [3]
    assert codes(account) == ["rows_long", "rows_short"]


def test_a_file_without_a_header_gets_names(tmp_path):
    account, rows = table(text_file(tmp_path, "1,甲,2.5\n2,乙,3.5\n"))
    assert account.columns == ("列1", "列2", "列3")
    assert account.header_row == 0
    assert len(rows) == 2
    assert codes(account) == ["no_header"]


def test_the_delimiter_that_excel_says_is_taken(tmp_path):
    account, rows = table(text_file(tmp_path, "sep=|\n名,值\n甲,乙|1\n".replace("名,值", "名|值")))
    assert account.delimiter == "|"
    assert rows == [["3", "甲,乙", "1"]]


@pytest.mark.parametrize(
    "data, code, said",
    [
        (b"", "empty", ""),
        ("名,值\n甲,\0\n".encode(), "nul", "第 2 行"),
        ("名,值\n".encode() * 2 + b"\xff\xff,1\n", "encoding", "第 16 字节"),
        ("名称,数值\n".encode() * 20 + b"\xe5\xff,1\n", "encoding_broken", "第 21 行"),
        ('名,值\n甲,"乙" 丙\n'.encode(), "csv", "第 2 行"),
        ("名,值\n甲,".encode() + b"x" * 1_100_000, "cell_long", "第 2 行"),
        (b"a,b\n" + b"x" * 40_000_000, "line_long", "32 MB"),
        (b",".join([b"a"] * 2_001) + b"\n" + b",".join([b"1"] * 2_001), "columns", "2001 列"),
        (b"%PDF-1.7", "format", "PDF"),
        ("只有一行,表头\n".encode(), "no_table", ""),
    ],
)
def test_what_is_no_table_is_refused_with_what_and_where(tmp_path, data, code, said):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(SheetError) as caught:
        table(path)
    assert caught.value.code == code
    assert said in caught.value.sentence("zh")
    assert caught.value.sentence("en")


def test_a_nul_in_utf_16_is_refused(tmp_path):
    with pytest.raises(SheetError, match="NUL"):
        table(text_file(tmp_path, "名,值\n甲,\0\n", encoding="utf-16"))


def test_the_heading_line_bears_the_names(tmp_path):
    table(text_file(tmp_path, TABLE))
    assert rows_of(tmp_path / "表.csv.tables" / "1.csv")[0] == ["_row", "代码", "名称", "值"]
