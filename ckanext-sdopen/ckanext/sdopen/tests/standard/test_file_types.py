"""Types of files by their endings, and whether their first bytes fit."""

import io
import zipfile

import pytest

from ckanext.sdopen.standard import file_types


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", "甲,乙\n")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("水库名录.csv", "csv"),
        ("水利 数据（2018年）.CSV", "csv"),
        (".csv", "csv"),
        ("a.tar.gz", "gz"),
        ("名录", ""),
        ("名录.", ""),
        ("a.c v", ""),
    ],
)
def test_the_ending_is_what_stands_after_the_last_full_stop(name, ending):
    assert file_types.ending(name) == ending


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.csv", "名称,地址\n".encode()),
        ("a.csv", b"\xef\xbb\xbf" + "名称\n".encode()),
        ("a.csv", "名称,地址\n".encode("gb18030")),
        ("a.csv", "名称,地址\n".encode("utf-16")),
        ("a.csv", b"a < b,<p>text</p>\n"),
        ("a.json", b'{"html": "<html>"}'),
        ("a.xml", b'<?xml version="1.0"?><!-- html --><rows><html/></rows>'),
        ("a.xml", b"<!DOCTYPE rows [<!ELEMENT rows ANY>]><rows/>"),
        ("a.rdf", b"<rdf:RDF xmlns:rdf='x'/>"),
        ("a.xlsx", zipped()),
        ("a.zip", zipped()),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1"),
        ("a.wps", b"\xd0\xcf\x11\xe0\xa1\xb1"),
        ("a.pdf", b"%PDF-1.7\n"),
        ("a.shp", b"\x00\x00\x27\x0a\x00"),
        ("a.unknown", b"<html>"),
    ],
)
def test_a_file_fits_its_ending(name, head):
    assert file_types.fits(name, head)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.csv", zipped()),
        ("a.csv", b"\xd0\xcf\x11\xe0"),
        ("a.csv", b"a\x00b"),
        ("a.csv", b"<!DOCTYPE html><p>x"),
        ("a.csv", b"  \n<HTML><body>"),
        ("a.csv", "<html>".encode("utf-16")),
        ("a.txt", b"<!-- a --><!-- b --><svg onload='x'>"),
        ("a.json", b"\xef\xbb\xbf<script>x</script>"),
        ("a.xml", b"<?xml version='1.0'?><svg xmlns='x'/>"),
        ("a.xml", b"<?xml version='1.0'?><h:html xmlns:h='x'/>"),
        ("a.xml", b"<!DOCTYPE svg PUBLIC 'x' [<!ENTITY a 'b'>]><x/>"),
        ("a.xml", b"no markup"),
        ("a.xlsx", "名称,地址\n".encode()),
        ("a.xls", zipped()),
        ("a.pdf", b"<html>"),
        ("a.png", b"GIF89a"),
        ("a.zip", b""),
    ],
)
def test_a_file_of_other_content_does_not(name, head):
    assert not file_types.fits(name, head)


def test_a_head_of_many_comments_is_read_once():
    # each comment could end in many places: a search that tries them all never ends
    assert file_types.fits("a.xml", b"<!---->" * 500 + b"<rows>")
    assert not file_types.fits("a.xml", b"<!---->" * 500 + b"<svg>")
    assert file_types.fits("a.xml", b"<!---->" * 500 + b"<!--")


def test_no_file_is_given_as_a_page():
    for name in ("a.html", "a.htm", "a.svg", "a.xhtml", "a.js", "a", "a.swf"):
        assert file_types.mimetype(name) == file_types.UNKNOWN
    assert not {"text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript"} & {
        known.mimetype for known in file_types.TYPES.values()
    }
