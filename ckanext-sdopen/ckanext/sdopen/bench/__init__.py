"""Measurements: `scripts/bench <name> [--json]`, one module a bench."""
