"""Tests of uploaded workbooks."""
