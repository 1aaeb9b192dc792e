"""No text stands twice in the Chinese of the portal; all else scripts/check minds."""

from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[2]


def test_each_text_stands_once():
    folder = PACKAGE / "i18n" / "zh_Hans_CN" / "LC_MESSAGES"
    assert len(polib.pofile(str(folder / "ckanext-sdopen.po"), check_for_duplicates=True)) > 100
