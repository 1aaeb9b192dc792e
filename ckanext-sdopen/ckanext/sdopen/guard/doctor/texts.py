"""The sentences of findings, in Chinese and English, from texts.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ckanext.sdopen.guard.doctor.rules.findings import Finding

_FILE = Path(__file__).with_name("texts.yaml")
CHINESE, ENGLISH = LANGUAGES = ("zh_Hans_CN", "en")
# what to do about a setting, where its text says nothing else
_SET = "set"


@cache
def table() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """{check: {"told", "advice"}: {language: sentence}}."""
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words."""

    area: str
    check: str
    severity: str
    told: str
    advice: str


def say(finding: Finding, language: str) -> Told:
    """What was found and what to do about it, in Chinese or else in English."""
    chosen = CHINESE if language.startswith("zh") else ENGLISH
    texts = table()[finding.check]
    advice = texts.get("advice") or (table()[_SET]["advice"] if "setting" in finding.facts else {})
    return Told(
        area=finding.area.value,
        check=finding.check,
        severity=finding.severity.value,
        told=texts["told"][chosen].format(**finding.facts),
        advice=advice.get(chosen, "").format(**finding.facts),
    )
