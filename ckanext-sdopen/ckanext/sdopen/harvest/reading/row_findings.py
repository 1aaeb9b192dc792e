"""What a harvest run has to say of a row: a code, where it stands, and its parameters."""

from dataclasses import dataclass, field
from typing import Any

from ckanext.sdopen.harvest.messages import say


@dataclass(frozen=True)
class Finding:
    """One remark: `code` names its sentence in messages.yaml; `row` 0 speaks of the whole file."""

    code: str
    row: int = 0
    key: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is wrong, where, and what to do."""
        return say(self.code, **self.params)
