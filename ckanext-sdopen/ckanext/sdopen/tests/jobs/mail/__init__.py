"""Tests of `jobs/mail`."""
