"""The sentences of the harvest scripts."""

import re
from pathlib import Path

import yaml

PACKAGE = Path(__file__).resolve().parents[2] / "harvest"
TABLE = yaml.safe_load((PACKAGE / "messages.yaml").read_text(encoding="utf-8"))


def test_every_sentence_stands_in_chinese_and_english_with_the_same_parameters():
    for code, sentences in TABLE.items():
        assert set(sentences) == {"zh", "en"}, code
        parameters = [set(re.findall(r"{(\w+)}", text)) for text in sentences.values()]
        assert parameters[0] == parameters[1], code


def test_every_code_that_the_scripts_say_has_a_sentence():
    said = set()
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        said |= set(
            re.findall(r'(?:say|Error|Unusable|Finding|append)\(\(?\s*"([a-z]+(?:_[a-z]+)+)"', text)
        )
    assert len(said) > 60
    assert not said - set(TABLE)
