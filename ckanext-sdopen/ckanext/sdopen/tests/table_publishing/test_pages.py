"""Names of downloads."""

import pytest

from ckanext.sdopen.table_publishing.pages import disposition, download_name


@pytest.mark.parametrize(
    ("original", "stored", "name"),
    [
        ("行政许可.csv", ".csv", "行政许可.csv"),
        ("企业名单2024", "2024.xlsx", "企业名单2024.xlsx"),
        ("a/b\\c:d.csv", "x.csv", "a_b_c_d.csv"),
        ("行\r\n许可.csv", "x.csv", "行__许可.csv"),
        ("  ", "table.csv", "table.csv"),
        ("名单.CSV", "x.csv", "名单.CSV"),
    ],
)
def test_a_download_has_the_name_its_department_gave_it(original, stored, name):
    assert download_name(original, stored) == name


def test_the_header_is_ascii_with_the_chinese_name_encoded():
    header = disposition("行政许可 1.csv")
    assert header.isascii()
    assert "filename*=UTF-8''%E8%A1%8C%E6%94%BF%E8%AE%B8%E5%8F%AF%201.csv" in header
