"""Bulk writes measured: rates, pages meanwhile, CPU per entry."""
