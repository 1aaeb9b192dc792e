"""Findings that are given back."""
