"""Tests of subjects that mean much the same."""
