"""Twice the text takes about twice the work, whatever the text is made of: nobody stops a process with one."""

from time import thread_time

import pytest

from hotline.privacy.cpr import find, redact

ATOMS = (
    "010165", "1237", "0101651237", "01", "1", "10165", "01011965", "1430 ", "010165\n1430 ", "010165-", "O1",
    "O101651237 ", "l", "1AB2", " ", "\n", "\r\n> ", "-", ".", ",", "/", "+", ":", "(", ")", " - ", "–", "\u200b",
    "\u0336", "&#45;", "&ndash;", "%2D", "=2D", "=\n", "<b>", "</td><td ", "<b a#", "\\n", "**", "`", "cpr ", "CPR",
    "[CPR]", "født ", "sidste fire ", "løbenr ", "ordrenr. ", "konto 1234 ", " er min søns cpr", "особист", "nul ",
    "et ", "fem og ", "tres ", "nitten hundrede ", "første ", "januar ", " i ", " Viborg", " kr", "xxxxxx-",
    "streg ", "١", "\U0001d7ce", "xxxx er ", " (cpr)", "de fire er ",
)  # fmt: skip
SHORT, LONG = 400, 1600  # characters
LINEAR = 8  # four times the text takes four times as long and some; were it the square, sixteen


def made(first, second, length):
    """A text of about that length: the one over and over, then the other, then the two in turn."""
    return "\n".join(one * (length // 3 // len(one)) for one in (first, second, first + second))


def growth(first, second, times):
    """How many times as long the long text takes, by the processor's time in this thread and the best of so many."""

    def took(text):
        begun = thread_time()
        find(text)
        return thread_time() - begun

    short, long = made(first, second, SHORT * times), made(first, second, LONG * times)
    return min(took(long) for _ in range(times)) / min(took(short) for _ in range(times))


@pytest.mark.parametrize("first", ATOMS)
def test_four_times_the_text_takes_no_more_than_its_share_of_work(first):
    """Of each with itself and every fifth of the others; of each with each it is tests/faults/test_growth.py."""
    assert grows_too_much(first, ATOMS[ATOMS.index(first) :: 5]) == []


def grows_too_much(first, others):
    """Those of the others with which the work grows beyond what is linear, and how many times."""
    doubtful = [second for second in others if growth(first, second, 1) > LINEAR]
    grown = {second: min(growth(first, second, 3) for _ in range(3)) for second in doubtful}
    return [(second, ratio) for second, ratio in grown.items() if ratio > LINEAR]


@pytest.mark.parametrize("first", ["010165\n1430 ", "O101651237 ", "010165\n", "12.03.24 ", "0101651237O", "1 "])
def test_nothing_is_left_to_find_where_each_number_lets_the_next_be_seen(first):
    for second in ("\n", "010165\n1430 ", "1430 ", "cpr "):
        redacted, found = redact(made(first, second, 3000))
        assert find(redacted) == []
        assert redacted.count("[CPR]") == len(found)
