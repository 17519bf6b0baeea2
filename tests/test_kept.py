"""What takes long to count is counted once for all who ask."""

import threading

import pytest

from hotline.kept import AT_LEAST, SHARE, Kept


class Clock:
    """Stands still until it is set."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize(("took", "told_for"), [(0.01, AT_LEAST), (0.5, 0.5 * SHARE)])
def test_a_value_is_told_for_a_second_or_ten_times_as_long_as_it_took(took, told_for):
    clock, made = Clock(), []
    kept = Kept(clock)

    def make():
        clock.now += took
        made.append(clock.now)
        return len(made)

    assert [kept.get(make), kept.get(make)] == [1, 1]
    clock.now += told_for - 0.001
    assert kept.get(make) == 1
    clock.now += 0.002
    assert kept.get(make) == 2


def test_who_asks_while_it_is_made_anew_is_told_the_old_one_and_an_error_keeps_it():
    clock = Clock()
    kept = Kept(clock)
    assert kept.get(lambda: "old") == "old"
    clock.now = 2 * AT_LEAST
    begun, over, answers = threading.Event(), threading.Event(), []

    def make():
        begun.set()
        over.wait(60)
        return "new"

    counting = threading.Thread(target=lambda: answers.append(kept.get(make)))
    counting.start()
    assert begun.wait(60)
    assert kept.get(lambda: "never") == "old"
    over.set()
    counting.join(60)
    assert answers == ["new"] == [kept.get(lambda: "never")]
    clock.now = 10 * AT_LEAST
    with pytest.raises(ZeroDivisionError):
        kept.get(lambda: 1 / 0)
    assert kept.get(lambda: "newer") == "newer"
