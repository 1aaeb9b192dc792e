"""What becomes of the reader's blocks: signs and lines may be parted between two of them."""

import json

from ckanext.sdopen.table_publishing.giving.forms import array, gb18030


def test_a_sign_that_is_parted_between_two_blocks_is_one_in_gb18030():
    data = "药店,𠮷\n".encode()
    for place in range(len(data)):
        made = b"".join(gb18030([data[:place], data[place:]]))
        assert made.decode("gb18030") == "药店,𠮷\n"


def test_lines_parted_anywhere_are_one_array():
    data = b'{"a":1}\n{"a":2}\n'
    for place in range(len(data)):
        made = b"".join(array([data[:place], data[place:]]))
        assert json.loads(made) == [{"a": 1}, {"a": 2}]


def test_no_lines_are_an_empty_array():
    assert json.loads(b"".join(array([]))) == []
