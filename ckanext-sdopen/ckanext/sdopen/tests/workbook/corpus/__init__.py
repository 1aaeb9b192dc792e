"""Tests of `workbook/corpus`."""
