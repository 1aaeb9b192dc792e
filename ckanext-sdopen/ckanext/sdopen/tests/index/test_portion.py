"""How many documents go to Solr at once."""

from ckanext.sdopen.index.portion import Portion


def test_it_begins_with_what_the_setting_allows_and_halves_down_to_one():
    portion = Portion(500)
    sizes = []
    for _ in range(10):
        sizes.append(portion.size)
        portion.halve(portion.size)
    assert sizes == [500, 250, 125, 62, 31, 15, 7, 3, 1, 1]


def test_several_slow_batches_of_one_size_halve_it_once():
    portion = Portion(500)
    for _ in range(3):
        portion.halve(500)
    assert portion.size == 250


def test_a_slow_last_batch_that_was_small_already_counts_as_small():
    portion = Portion(500)
    portion.halve(8)
    assert portion.size == 4


def test_it_grows_again_after_each_success_up_to_the_setting():
    portion = Portion(10)
    portion.halve(3)
    sizes = []
    for _ in range(6):
        sizes.append(portion.size)
        portion.grow()
    assert sizes == [1, 2, 4, 8, 10, 10]
