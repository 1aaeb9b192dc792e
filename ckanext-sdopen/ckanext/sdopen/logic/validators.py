"""Contents: what the capabilities offer here."""

__all__: list[str] = []
