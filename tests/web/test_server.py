"""A web process that is told to stop."""

import httpx

from tests.builders import PASSWORD, a_pool, an_agent
from tests.conftest import serving


def test_open_consoles_are_let_go_at_once_when_a_web_process_stops(with_facts):
    a_pool()
    username = an_agent()[1]
    with httpx.Client(timeout=60) as http:
        with serving(grace=600) as url:  # so long would a stream that is not let go hold it up
            signed_in = http.post(f"{url}/api/v1/sessions", json={"username": username, "password": PASSWORD})
            headers = {"Authorization": f"Bearer {signed_in.json()['token']}"}
            asked = [http.build_request("GET", f"{url}/api/v1/me/events", headers=headers) for _ in range(3)]
            streams = [http.send(one, stream=True).iter_lines() for one in asked]
            for lines in streams:
                assert next(line for line in lines if line.startswith("event:")) == "event: presence"
        for lines in streams:
            assert list(lines) is not None  # its end came as an end, not as a broken connection
