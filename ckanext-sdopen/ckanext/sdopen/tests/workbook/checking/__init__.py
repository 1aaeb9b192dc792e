"""Tests of `workbook/checking`."""
