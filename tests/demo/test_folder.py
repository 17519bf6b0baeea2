"""The demo's folder: only its own things go, and trouble with it is said in one line."""

import pytest

from hotline.demo.folder import MADE, check_ours, check_space, wipe
from hotline.embedded import NoPlace, held, servers


def test_what_an_earlier_run_made_goes_and_nothing_else(tmp_path):
    with servers(tmp_path):
        (tmp_path / "sign-ins.json").write_text("{}")
        (tmp_path / "my-notes.txt").write_text("mine")
    with held(tmp_path) as folder:
        wipe(folder)
    assert {path.name for path in tmp_path.iterdir()} == {"hotline.lock", "my-notes.txt"}


@pytest.mark.parametrize("name", MADE)
def test_a_folder_with_something_of_that_name_that_no_demo_made_is_refused(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(NoPlace, match=f"holds `{name}`, which no demo made"):
        check_ours(tmp_path)


def test_an_empty_folder_one_that_is_not_there_and_an_earlier_one_are_taken(tmp_path):
    check_ours(tmp_path)
    check_ours(tmp_path / "new")
    with servers(tmp_path):
        pass
    check_ours(tmp_path)


def test_too_little_room_is_said_in_one_line(tmp_path):
    check_space(tmp_path, needed=1)
    with pytest.raises(NoPlace, match=r"Only \d+ MB are free in .*; the demo needs 1000000000 MB"):
        check_space(tmp_path, needed=10**15)
