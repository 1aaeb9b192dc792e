"""Tests of `workbook/form`."""
