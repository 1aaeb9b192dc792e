"""Departments' workbooks handed in on the portal: kept for their submitter and the authority."""

PURE = False
