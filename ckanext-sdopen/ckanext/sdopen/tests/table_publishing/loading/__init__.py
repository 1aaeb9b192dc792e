"""Tests of loading: from an uploaded file to rows that everybody reads."""
