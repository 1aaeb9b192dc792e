"""Every finding has its sentences in both languages."""

import re

import pytest

from ckanext.sdopen.guard.doctor import texts
from ckanext.sdopen.guard.doctor.rules.findings import Area, Finding, Severity
from ckanext.sdopen.guard.doctor.rules.settings_rules import RULES
from ckanext.sdopen.paths import PACKAGE

_FACT = re.compile(r"{(\w+)}")
# names of checks as the code writes them; endings say what is wrong with one
_NAME = re.compile(r'Finding\(\s*Area\.\w+,\s*"(\w+)"|(?:check|name) = "(\w+)"|_waits\("(\w+)"')


@pytest.mark.parametrize("check", list(texts.table()))
def test_both_languages_tell_the_same_facts(check):
    for sentences in texts.table()[check].values():
        chinese, english = sentences[texts.CHINESE], sentences[texts.ENGLISH]
        assert set(_FACT.findall(chinese)) == set(_FACT.findall(english))
        assert re.search(r"[\u4e00-\u9fff]", chinese) or chinese.startswith("{name}")
        assert not re.search(r"[\u4e00-\u9fff]", english)


def test_every_check_and_rule_of_the_code_has_its_sentences():
    sources = "".join(p.read_text("utf-8") for p in (PACKAGE / "guard/doctor").glob("*.py"))
    named = {next(filter(None, found)) for found in _NAME.findall(sources)}
    assert {"not_looked", "outbox", "backup_none"} <= named
    assert named | {rule.name for rule in RULES} <= set(texts.table())


def test_what_is_wrong_says_what_to_do():
    wrong = [rule.name for rule in RULES]
    for check in wrong:
        facts = {"setting": "a.setting", "good": "true", "files": "/etc/portal.ini"}
        for language in texts.LANGUAGES:
            told = texts.say(Finding(Area.SETTINGS, check, Severity.ERROR, facts), language)
            assert told.told
            assert told.advice
            assert "{" not in told.told + told.advice


def test_other_languages_are_told_in_english():
    found = Finding(Area.WORK, "queues_empty", Severity.OK)
    assert texts.say(found, "fr").told == "No background job waits."
    assert texts.say(found, "zh_Hans_CN").told == "后台队列无等待任务。"
