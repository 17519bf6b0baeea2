"""Logs are kept, bounded, and readable by their owner alone."""

from hotline.embedded import Logs


def test_a_log_that_grew_too_large_is_set_aside_while_its_process_goes_on_writing(tmp_path):
    logs = Logs(tmp_path / "log")
    with logs.open("web-1") as file:
        file.write(b"x" * 2000)
        file.flush()
        logs.bound(largest=1000)
        file.write(b"after\n")
    assert logs.path("web-1").read_bytes() == b"after\n"
    assert (tmp_path / "log" / "web-1.log.1").stat().st_size == 2000


def test_a_small_log_is_left_alone(tmp_path):
    logs = Logs(tmp_path / "log")
    with logs.open("web-1") as file:
        file.write(b"one\ntwo\n\n")
    logs.bound(largest=1000)
    assert logs.last_line("web-1") == "two"
    assert not (tmp_path / "log" / "web-1.log.1").exists()


def test_nobody_else_reads_a_log(tmp_path):
    logs = Logs(tmp_path / "log")
    with logs.open("web-1"):
        assert logs.path("web-1").stat().st_mode & 0o077 == 0
