"""Tests of the seams to CKAN."""
