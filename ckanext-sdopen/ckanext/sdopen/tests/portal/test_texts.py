"""Every text of the portal has its Chinese, and what is compiled is what is written."""

from pathlib import Path

import polib
from babel.messages.extract import extract_from_dir

PACKAGE = Path(__file__).resolve().parents[2]
FOLDER = PACKAGE / "i18n" / "zh_Hans_CN" / "LC_MESSAGES"


def test_every_text_of_the_code_and_the_templates_is_in_chinese():
    methods = [("**.py", "python"), ("**/templates/**.html", "ckan")]
    known = {
        entry.msgid for entry in polib.pofile(str(FOLDER / "ckanext-sdopen.po")) if entry.msgstr
    }
    used = set()
    for _, _, message, _, _ in extract_from_dir(str(PACKAGE), methods):
        used.add(message if isinstance(message, str) else message[0])
    assert len(used) > 100
    assert not used - known


def test_the_compiled_texts_are_those_written_each_once():
    source = polib.pofile(str(FOLDER / "ckanext-sdopen.po"), check_for_duplicates=True)
    written = {e.msgid: e.msgstr for e in source}
    compiled = {e.msgid: e.msgstr for e in polib.mofile(str(FOLDER / "ckanext-sdopen.mo"))}
    assert compiled == written
