"""What may take so long is measured by the processor: a machine that has others to serve stops no text."""

import time

import pytest

from hotline.classification.bounded import BY_THE_CLOCK, TookTooLong, bounded

SECONDS = 0.1


def test_who_gets_little_of_the_processor_is_given_time():
    with bounded(SECONDS):
        time.sleep(1.5 * SECONDS)


def test_whoever_takes_more_of_it_is_stopped_and_so_is_who_never_comes_back():
    for takes in (lambda: None, lambda: time.sleep(SECONDS / 10)):
        begun, spent = time.monotonic(), time.thread_time()
        with pytest.raises(TookTooLong), bounded(SECONDS):
            while True:
                takes()
        assert time.thread_time() - spent >= SECONDS or time.monotonic() - begun >= SECONDS * BY_THE_CLOCK
