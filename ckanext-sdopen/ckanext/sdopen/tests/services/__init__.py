"""Tests of what scripts/portal and scripts/test run."""
