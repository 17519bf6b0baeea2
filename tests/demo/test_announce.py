"""What programs and people are told about a running demo."""

import json

from hotline.demo.announce import Facts, welcome, write


def a_user(name: str, role: str, municipality: str | None = None) -> dict:
    return {"username": name, "password": f"{name}-pw", "role": role, "municipality": municipality, "topics": []}


def some_facts() -> Facts:
    agents = [a_user(f"agent{number}", "agent", "0751") for number in range(60)]
    users = [*agents, a_user("pool", "secretariat"), a_user("viewer", "viewer", "0860")]
    pids = {"web": [1, 2], "worker": [3], "router": [4], "postgres": 5, "valkey": 6}
    return Facts("http://127.0.0.1:8000", "key", "postgresql://app@x", "postgresql://x", "unix:///x", users, pids)


def test_the_file_is_replaced_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "demo.json"
    write(path, some_facts())
    with path.open() as opened_before:
        write(path, some_facts())
        assert json.load(opened_before)["pids"]["postgres"] == 5  # whole, although replaced meanwhile
    assert path.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(path.read_text())) == {
        *("url", "integrator_key", "database_url", "owner_url", "redis_url", "users", "pids"),
    }
    assert [file.name for file in tmp_path.iterdir()] == ["demo.json"]


def test_the_screen_shows_the_address_and_a_sign_in_of_each_kind(tmp_path):
    shown = welcome(some_facts(), tmp_path / "demo.json")
    assert "http://127.0.0.1:8000" in shown
    assert [name for name in ("pool", "viewer", "agent0", "agent1", "agent2") if f" {name} " in shown] == [
        *("pool", "viewer", "agent0", "agent1"),
    ]
    assert "62 brugere" in shown
