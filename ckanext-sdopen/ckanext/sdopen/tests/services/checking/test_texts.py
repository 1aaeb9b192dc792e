"""The check of both languages on a small package whose faults are planted."""

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ckanext.sdopen.paths import PACKAGE
from ckanext.sdopen.services.checking import texts

SOUND = """msgid "Save {name}"
msgstr "保存{name}"
"""


@pytest.fixture
def package(tmp_path) -> Path:
    """A package of one message that is translated well."""
    (tmp_path / "code.py").write_text("tk._('Save {name}')\n", encoding="utf-8")
    write(tmp_path, SOUND)
    return tmp_path


def write(package: Path, po: str) -> None:
    """Write the Chinese and what is compiled from it."""
    folder = package / "i18n" / texts.LOCALE / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.po").write_text(po, encoding="utf-8")
    with (folder / "own.po").open("rb") as source, (folder / "own.mo").open("wb") as compiled:
        write_mo(compiled, read_po(source))


def faults(package: Path, core: set[str] | None = None) -> list[str]:
    """What is wrong, without the places."""
    found = [*texts.of_messages(package, core or set()), *texts.of_code(package)]
    return [fault.partition(": ")[2] for fault in found]


def test_a_package_of_both_languages_is_sound(package):
    assert faults(package) == []


@pytest.mark.parametrize(
    ("po", "expected"),
    [
        ("", ["no Chinese: Save {name}"]),
        ('msgid "Save {name}"\nmsgstr ""\n', ["no Chinese: Save {name}"]),
        ("#, fuzzy\n" + SOUND, ["fuzzy: Save {name}"]),
        (
            SOUND.replace("保存{name}", "保存{title}"),
            ["other placeholders in Chinese: Save {name}"],
        ),
        (SOUND.replace("保存{name}", "保存"), ["other placeholders in Chinese: Save {name}"]),
        (SOUND + '\n#~ msgid "Old"\n#~ msgstr "旧"\n', ["obsolete, remove it: Old"]),
        (SOUND + '\nmsgid "Gone"\nmsgstr "没了"\n', ["nothing asks for it: Gone"]),
    ],
)
def test_a_fault_of_the_translation_is_found(package, po, expected):
    write(package, po)
    assert faults(package) == expected


def test_a_new_message_of_a_template_wants_its_chinese(package):
    (package / "templates").mkdir()
    (package / "templates" / "page.html").write_text("<p>{{ _('New here') }}</p>", encoding="utf-8")
    assert faults(package) == ["no Chinese: New here"]


def test_a_chinese_id_has_no_english(package):
    (package / "code.py").write_text("tk._('保存{name}')\n", encoding="utf-8")
    write(package, SOUND.replace("Save ", "保存"))
    assert faults(package) == ["not English: 保存{name}"]


def test_a_message_that_is_put_together_is_found(package):
    (package / "more.py").write_text("tk._(f'Save {name}')\n", encoding="utf-8")
    assert faults(package) == ["not a constant text: tk._(f'Save {name}')"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("raise tk.Invalid('no such name')", ["not translated: no such name"]),
        ("tk.abort(404, f'没有 {name}')", ["not translated: 没有 "]),
        ("raise ValidationError({'name': ['No such name']})", ["not translated: No such name"]),
        ("raise tk.ValidationError({'name': [tk._('Save {name}').format(name='a b')]})", []),
        ("raise tk.Invalid('No such {}'.format(name))", ["not translated: No such {}"]),
        ("log.info('no such name')", []),
    ],
)
def test_what_is_said_without_a_message_is_found(package, code, expected):
    (package / "more.py").write_text(code, encoding="utf-8")
    assert faults(package) == expected


def test_what_was_not_compiled_is_found(package):
    write(package, SOUND.replace("保存", "存储"))
    folder = package / "i18n" / texts.LOCALE / "LC_MESSAGES"
    (folder / "own.po").write_text(SOUND, encoding="utf-8")
    assert "not what the .mo file holds" in faults(package)[0]


def test_ckans_own_message_may_leave_a_code_out_in_chinese_but_name_no_other(package):
    write(package, SOUND + '\nmsgid "Remove {value}"\nmsgstr "取消"\n')
    assert faults(package, {"Remove {value}"}) == []
    write(package, SOUND + '\nmsgid "Remove {value}"\nmsgstr "取消{code}"\n')
    assert faults(package, {"Remove {value}"}) == ["other placeholders in Chinese: Remove {value}"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("a: {zh: 空, en: Empty}", []),
        ("a: {zh: 空}", ["/a: no English: 空"]),
        ("a: [{title: {en: Empty}}]", ["/a/0/title: no Chinese: Empty"]),
        ("a: {zh: 空, en: 空的}", ["/a: not English: 空的"]),
        ("a: {zh: '{size}', en: Empty}", ["/a: other placeholders in Chinese: Empty"]),
        ("a: {zh: '{label}为“{value_zh}”', en: 'It is {value_en}'}", []),
    ],
)
def test_a_table_holds_both_languages_alike(tmp_path, table, expected):
    (tmp_path / "sentences.yaml").write_text(table, encoding="utf-8")
    assert list(texts.of_tables(tmp_path)) == [f"sentences.yaml: {fault}" for fault in expected]


def test_this_package_is_complete_in_both_languages(capsys):
    assert texts.main() == 0, capsys.readouterr().out
    assert len(texts.asked(PACKAGE)) > 100
