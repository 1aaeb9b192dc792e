"""Tests of `workbook/marking`."""
