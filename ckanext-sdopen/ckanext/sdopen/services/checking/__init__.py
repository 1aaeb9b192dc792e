"""The project's own checks of its sources; each module is run by scripts/check as a command."""
