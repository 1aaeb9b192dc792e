"""Legal profiles: how severe a finding is under which text; data in `schemas/profiles.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import yaml

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.paths import SCHEMAS
from ckanext.sdopen.standard.limits import Limits

HARVESTED = "harvested"
_SEVERITIES = ("error", "warning", "off")
DEFAULT_PATTERN = r"^[123]\d{2}\d{3}\d*/\d+$"


@dataclass(frozen=True)
class Profile:
    """One profile: its severities by finding, limits, and the pattern of codes.

    `from_source`: only what a source can be asked for is required (`required_from_source`).
    """

    name: str
    title: Mapping[str, str]
    source: str
    severities: Mapping[str, str]
    from_source: bool = False
    limits: Limits = field(default_factory=Limits)
    code_pattern: re.Pattern[str] = re.compile(DEFAULT_PATTERN)

    def with_overrides(
        self,
        severities: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        code_pattern: str | None = None,
    ) -> "Profile":
        """The profile with an operator's own settings; SdopenError on an unknown name."""
        for code, severity in (severities or {}).items():
            if code not in self.severities or severity not in _SEVERITIES:
                raise SdopenError(
                    f"{code}:{severity} is no severity of a finding; "
                    f"write finding:severity with one of {', '.join(_SEVERITIES)}"
                )
        return replace(
            self,
            severities={**self.severities, **(severities or {})},
            limits=limits or self.limits,
            code_pattern=re.compile(code_pattern) if code_pattern else self.code_pattern,
        )


@cache
def _documents() -> Mapping[str, Mapping[str, Any]]:
    text = (SCHEMAS / "profiles.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: Mapping[str, Mapping[str, Mapping[str, Any]]]
    document = yaml.load(text, Loader=loader)  # noqa: S506 safe both
    return document["profiles"]


def names() -> tuple[str, ...]:
    """The names of all profiles."""
    return tuple(_documents())


@cache
def profile(name: str) -> Profile:
    """The profile of a name; SdopenError lists those that are there."""
    if name not in _documents():
        listed = ", ".join(names())
        raise SdopenError(f"there is no legal profile {name!r}; choose one of: {listed}")
    document = _documents()[name]
    base = profile(document["based_on"]).severities if "based_on" in document else {}
    return Profile(
        name,
        document["title"],
        document["source"],
        {**base, **{code: _severity(value) for code, value in document["severities"].items()}},
        bool(document.get("from_source", False)),
    )


def _severity(value: Any) -> str:
    # YAML 1.1 reads a bare `off` as false
    return "off" if value is False else str(value)
