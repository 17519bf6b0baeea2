"""From where on a reading is believed."""

import numpy as np

from hotline.classification.thresholds import ENOUGH, routed_from


def test_a_reading_is_believed_from_where_each_writer_was_read_right_often_enough():
    sure = np.tile(np.linspace(1, 0.5, 2 * ENOUGH), 2)
    right = np.ones(4 * ENOUGH, dtype=bool)
    assert routed_from(sure, right, ["easy"] * (4 * ENOUGH)) == 0.5
    right[3 * ENOUGH : 3 * ENOUGH + 9] = False  # few of all, many of one writer's
    writers = ["easy"] * (2 * ENOUGH) + ["hard"] * (2 * ENOUGH)
    assert routed_from(sure, right, ["one"] * (4 * ENOUGH)) == 0.5
    assert routed_from(sure, right, writers) > 0.5
