"""Sentences in Chinese and English from a YAML file: code → `zh`, `en`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _table(file: Path) -> Mapping[str, Mapping[str, str]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = file.read_text(encoding="utf-8")
    table: Mapping[str, Mapping[str, str]] = yaml.load(text, Loader=loader)  # noqa: S506 safe both
    return table


def sentence(file: Path, code: str, lang: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code, its parameters filled in; Chinese for `zh…`, else English."""
    return _table(file)[code]["zh" if lang.startswith("zh") else "en"].format(**params)
