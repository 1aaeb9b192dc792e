"""How long a service that fell rests."""

from ckanext.sdopen.services.running.backoff import LONGEST, STAYED, Backoff


def test_falls_in_a_row_rest_longer_and_longer_up_to_a_bound():
    service = Backoff()
    rests = [service.fell(0.1) for _ in range(8)]
    assert rests == [1, 2, 4, 8, 16, LONGEST, LONGEST, LONGEST]
    assert service.falls == 8


def test_who_stayed_up_for_a_while_begins_anew():
    service = Backoff(longest=30)
    assert [service.fell(1), service.fell(1), service.fell(STAYED), service.fell(1)] == [1, 2, 1, 2]
    assert service.falls == 4


def test_what_nothing_works_without_is_given_up_after_so_many_falls_in_a_row():
    service = Backoff(longest=1, most=2)
    assert [service.fell(1), service.fell(1), service.fell(1)] == [1, 1, None]
    stayed = Backoff(longest=1, most=2)
    assert [stayed.fell(STAYED) for _ in range(5)] == [1] * 5


def test_a_service_that_falls_for_days_still_rests_no_longer():
    service = Backoff(longest=30)
    assert {service.fell(0) for _ in range(5_000)} == {1, 2, 4, 8, 16, 30}
