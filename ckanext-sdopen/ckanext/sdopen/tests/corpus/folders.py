"""Folders that tests read beside the package."""

from pathlib import Path

# real inputs that stay outside the repository
SHARED = Path(__file__).resolve().parents[6] / "shared"
