"""Tests of `jobs/mail/corpus`."""
