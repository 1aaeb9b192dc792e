"""The classes of the two axes of an entry, sharing and opening, from the widest to the narrowest.

Who sees what of which class stands in `schemas/visibility.yaml`; see `access.visibility`.
"""

UNCONDITIONAL, CONDITIONAL, NONE = CLASSES = ("unconditional", "conditional", "none")
