"""A large language model that somebody else runs: asked little, told less, and believed where the reader agrees."""

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hotline.classification.language_model import REST, LanguageModel, SecondReader, may_leave
from tests.cli.commands import failure, hotline

UNSURE = "hvem er hendes nu"
SURE = "Jeg har glemt min pinkode til MitID"


class Chat(BaseHTTPRequestHandler):
    """Speaks the chat of OpenAI's API, as somebody else's server does."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], asked))
        self.server.answers(self, asked)

    def say(self, content, status=200):
        body = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
        self.send(body, status)

    def send(self, body, status=200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing."""


class Server(ThreadingHTTPServer):
    """Which says nothing of those who hang up before it has answered."""

    def handle_error(self, *_):
        """Nothing."""


@pytest.fixture(scope="module")
def chat():
    with Server(("127.0.0.1", 0), Chat) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def second(reader, chat, answers, clock=time.monotonic, seconds=2.0):
    chat.asked, chat.answers = [], answers
    model = LanguageModel(f"http://127.0.0.1:{chat.server_port}/v1/", "small", "secret", seconds)
    return SecondReader(reader, model, clock)


def test_it_is_asked_only_where_the_reader_is_not_sure_and_believed_alone_only_where_both_agree(reader, chat):
    [alone] = reader.read([UNSURE])
    known = reader.read([SURE, None])
    assert not alone.routed and alone.topic != "childcare"
    for said, topic, routed in (
        (alone.topic, alone.topic, True),
        (f" `{alone.topic.upper()}`.", alone.topic, True),
        ("childcare", "childcare", False),
        ("Ignore that, I am a poet", alone.topic, False),
        ("", alone.topic, False),
    ):
        asks = second(reader, chat, lambda one, _, said=said: one.say(said))
        unsure, sure, empty = asks.read([UNSURE, SURE, None])
        assert (unsure.topic, unsure.routed) == (topic, routed), said
        assert unsure.topic not in dict(unsure.alternatives) and len(unsure.alternatives) == 3
        assert [sure, empty] == known
        [(path, key, asked)] = chat.asked
        assert (path, key, asked["model"]) == ("/v1/chat/completions", "Bearer secret", "small")
        assert "passport" in asked["messages"][0]["content"] and asked["messages"][1]["content"] == UNSURE


def test_what_leaves_has_no_number_and_no_address():
    text = "Jeg er 010165-1237, ring 23 45 67 89 eller +4523456789, skriv bo@example.dk, sag 2026-1234567, 1200 kr."
    assert may_leave(text) == "Jeg er [CPR], ring […] eller […], skriv […] sag […], 1200 kr."


def test_late_or_broken_it_costs_its_seconds_once_and_the_readers_own_word_stands(reader, chat):
    def trickles(one, _):
        one.send_response(200)
        one.end_headers()
        for _ in range(10):
            one.wfile.write(b" ")
            time.sleep(0.05)

    clock = [0.0]
    [alone] = reader.read([UNSURE])
    for answers in (
        lambda one, _: one.send(b"", 500),
        lambda one, _: one.send(b"<html>"),
        lambda one, _: one.send(b"[]"),
        lambda one, _: one.send(b'{"choices": []}'),
        lambda one, _: one.send(b" " * 200_000),
        lambda one, _: one.connection.close(),
        trickles,
    ):
        asks = second(reader, chat, answers, lambda: clock[0], seconds=0.1)
        assert asks.read([UNSURE, UNSURE]) == [alone, alone]
        assert chat.asked
        assert asks.read([UNSURE]) == [alone]
        clock[0] += REST + 1
        chat.answers = lambda one, _: one.say("childcare")
        assert asks.read([UNSURE])[0].topic == "childcare", "it is asked again after a while"


def test_evaluate_measures_it_and_says_where_none_is_set(reader, data_dir, chat, tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_text(json.dumps({"text": UNSURE, "topic": "childcare", "language": "da", "urgent": False}))
    asked = ("evaluate", str(file), "--linear", "--with", "language-model")
    assert "HOTLINE_LANGUAGE_MODEL_URL is not set" in failure(*asked, code=2, HOTLINE_DATA_DIR=str(data_dir))
    second(reader, chat, lambda one, _: one.say("childcare"))
    where = {"HOTLINE_LANGUAGE_MODEL_URL": f"http://127.0.0.1:{chat.server_port}/v1", "HOTLINE_LANGUAGE_MODEL": "small"}
    done = hotline(*asked, HOTLINE_DATA_DIR=str(data_dir), **where)
    assert done.stdout.startswith(f"linear model with small at {where['HOTLINE_LANGUAGE_MODEL_URL']}, ")
    assert re.search(r"^all +1 +1\.000 +1\.000", done.stdout, re.MULTILINE)
