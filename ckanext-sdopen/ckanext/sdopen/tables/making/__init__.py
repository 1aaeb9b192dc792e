"""From a normalised CSV to a version: typed, judged, sorted, written whole."""

PURE = True
