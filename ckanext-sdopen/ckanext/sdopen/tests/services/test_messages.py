import re
from string import Formatter

import pytest

from ckanext.sdopen.services import messages
from ckanext.sdopen.services.__main__ import parser
from ckanext.sdopen.services.layout import SERVICES
from ckanext.sdopen.services.messages import Trouble, table, text

SOURCES = [*messages.TABLE.parent.rglob("*.py"), messages.TABLE.with_name("bootstrap")]


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", sorted(table()))
def test_a_sentence_says_the_same_in_both_languages(key):
    chinese, english = table()[key]["zh"], table()[key]["en"]
    # the role is shown by its Chinese name in Chinese
    assert places(chinese) <= places(english)
    assert places(english) - places(chinese) <= {"role"}
    assert chinese.strip()
    assert english.strip()


def test_each_sentence_stands_once():
    lines = messages.TABLE.read_text(encoding="utf-8").splitlines()
    keys = [line.split("\t")[0] for line in lines if line and not line.startswith("#")]
    assert len(keys) == len(table())


def test_every_sentence_that_the_code_asks_for_is_there_and_no_other():
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    asked = set(re.findall(r'(?:text|say|Trouble|complain|Step)\(\s*"(\w+)"', code))
    asked |= {f"step_{name}" for name in re.findall(r'\bStep\(\s*"(\w+)"', code)}
    asked |= set(re.findall(r'"(\w+)"', code)) | set(re.findall(r"(?:message|fail) (\w+)", code))
    asked |= {f"service_{name}" for name in SERVICES}
    # a server that the tests of storages start
    asked.add("service_s3")
    asked |= {f"step_{name}" for name in asked}
    assert set(table()) <= asked
    spoken = set(re.findall(r'(?:\btext|\bsay|Trouble)\(\s*"(\w+)"', code))
    assert spoken <= set(table())


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_HK"}, "zh"),
        ({}, "en"),
    ],
)
def test_the_terminals_locale_chooses_the_language(monkeypatch, variables, expected):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert messages.language() == expected


def test_a_taken_port_is_answered_by_the_option_that_helps(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert str(Trouble("port_taken", port=5000, other=5001)) == (
        "端口 5000 已被其他程序占用；请换一个端口：scripts/portal --port 5001"
    )
    assert text("comma") == "、"


@pytest.mark.parametrize("said", ["0", "-1", "65536", "99999", "5000x", "５０００"])
def test_a_port_that_cannot_be_is_one_sentence(monkeypatch, capsys, said):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["--port", said])
    assert ended.value.code == 2
    assert f"{said} 不是端口号" in capsys.readouterr().err
