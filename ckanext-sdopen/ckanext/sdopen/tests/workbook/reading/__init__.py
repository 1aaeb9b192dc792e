"""Tests of `workbook/reading`."""
