"""What scripts/portal and scripts/test run; nothing but the standard library and honcho."""
