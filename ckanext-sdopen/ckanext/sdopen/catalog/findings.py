"""What a rule found: the field, the rule's name, and the values its message needs."""

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Finding:
    """One broken rule of an entry; its message is made where the user's language is known."""

    field: str
    rule: str
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)
