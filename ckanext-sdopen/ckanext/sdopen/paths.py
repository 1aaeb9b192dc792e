"""Where the files of the project stand, in a checkout and in an installed wheel alike."""

from pathlib import Path

PACKAGE = Path(__file__).parent
SCHEMAS = PACKAGE / "schemas"
CODES = SCHEMAS / "codes"
CONFIG = PACKAGE / "config_files"
