"""Versions made and compared in a child process that can take no more than it may."""

PURE = True
