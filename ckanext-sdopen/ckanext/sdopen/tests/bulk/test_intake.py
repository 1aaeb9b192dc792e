"""What a request's body holds is taken whole, or refused."""

import gzip
import zlib

import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen.bulk import intake

FIRST, SECOND = b'{"a": 1}\n', b'{"b": 2}\n'
MEMBERS = gzip.compress(FIRST) + gzip.compress(SECOND)


def chunked(body: bytes, size: int):
    return (body[place : place + size] for place in range(0, len(body), size))


@pytest.mark.parametrize("size", [1, 7, len(gzip.compress(FIRST)), 1 << 16])
def test_a_gzip_of_several_members_is_read_whole(size):
    assert intake.unpacked(chunked(MEMBERS, size), packed=True) == FIRST + SECOND


@pytest.mark.parametrize("cut", [1, 9, len(gzip.compress(SECOND)) - 1])
def test_a_member_that_ends_in_the_middle_is_said(cut):
    with pytest.raises(tk.ValidationError):
        intake.unpacked(chunked(MEMBERS[:-cut], 64), packed=True)


def test_what_follows_a_gzip_and_is_none_is_said():
    with pytest.raises(tk.ValidationError):
        intake.unpacked(chunked(gzip.compress(FIRST) + b"more", 1 << 16), packed=True)


@pytest.mark.parametrize("packed", [True, False])
def test_all_members_together_are_bounded(packed, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.bulk.bytes", len(FIRST + SECOND) - 1)
    body = MEMBERS if packed else FIRST + SECOND
    with pytest.raises(intake.TooLarge):
        intake.unpacked(chunked(body, 5), packed)
    monkeypatch.setitem(tk.config, "ckanext.sdopen.bulk.bytes", len(FIRST + SECOND))
    assert intake.unpacked(chunked(body, 5), packed) == FIRST + SECOND


def test_a_gzip_that_grows_without_end_is_not_unpacked_to_its_end():
    grown = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    body = b"".join(grown.compress(b" " * (1 << 20)) for _ in range(64)) + grown.flush()
    with pytest.raises(intake.TooLarge):
        intake.unpacked(chunked(body, 1 << 16), packed=True)


def test_a_byte_order_mark_is_no_part_of_the_first_record():
    assert intake.lines(b'\xef\xbb\xbf{"a": 1}\n{"a": 2}\n') == [{"a": 1}, {"a": 2}]


def counted(chunks, read: list[int]):
    for chunk in chunks:
        read.append(len(chunk))
        yield chunk


def test_a_body_of_empty_gzip_files_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.bulk.gzip_members", 10)
    empty, read = gzip.compress(b""), []
    assert intake.unpacked(chunked(empty * 10, 64), packed=True) == b""
    with pytest.raises(tk.ValidationError) as refused:
        intake.unpacked(counted(chunked(empty * 300_000, 1 << 10), read), packed=True)
    assert "10" in refused.value.error_dict["records"][0]
    assert sum(read) == 1 << 10


def test_what_was_sent_is_bounded_as_what_it_holds(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.bulk.bytes", 1_000)
    # a gzip that says much before it holds anything
    body, read = gzip.compress(b"")[:3] + b"\x08" + gzip.compress(b"")[4:10] + b"n" * (1 << 20), []
    with pytest.raises(intake.TooLarge):
        intake.unpacked(counted(chunked(body, 1 << 12), read), packed=True)
    assert sum(read) < 1 << 17


def test_lines_beyond_a_batch_are_not_kept(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.bulk.records", 3)
    assert intake.lines(b"\n\n1\n\n2\n3\n\n") == [1, 2, 3]
    with pytest.raises(tk.ValidationError) as refused:
        # the fifth line is never read
        intake.lines(b"1\n2\n3\n4\nno JSON")
    assert "3" in refused.value.error_dict["records"][0]
