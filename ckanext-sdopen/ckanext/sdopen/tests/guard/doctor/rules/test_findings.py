"""How bad a finding is, and the worst of several."""

import pytest

from ckanext.sdopen.guard.doctor.rules.findings import Area, Finding, Severity, graded, worst


@pytest.mark.parametrize(
    ("value", "severity"),
    [(0, "ok"), (14.9, "ok"), (15, "warning"), (59, "warning"), (60, "error"), (600, "error")],
)
def test_a_number_is_graded_by_two_bounds(value, severity):
    assert graded(value, 15, 60) == severity


def test_the_worst_of_findings_counts():
    fine = Finding(Area.WORK, "mail", Severity.OK)
    warned = Finding(Area.WORK, "mail_late", Severity.WARNING)
    wrong = Finding(Area.PARTS, "solr_away", Severity.ERROR)
    assert worst([]) == worst([fine]) == Severity.OK
    assert worst([fine, warned]) == Severity.WARNING
    assert worst([warned, wrong, fine]) == Severity.ERROR
