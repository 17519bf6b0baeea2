"""A real receiver of webhooks on loopback, which does with each delivery what it is told: answer, stall, lie …"""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHUNK = 65_536


class Receiver:
    """Keeps what it was sent as (headers, body); `does` are answers to the next deliveries, then 204 for ever.

    An answer is a status, a status with headers, or a word: `stall` (says nothing), `hang up`, `lie` (no HTTP),
    `redirect` (to itself), `drip` (a header a letter at a time).
    """

    def __init__(self):
        self.got, self.does = [], []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hotline"
        self.over = threading.Event()
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(receiver):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                receiver._answer(self, receiver.does.pop(0) if receiver.does else 204)

            def log_message(self, *_):
                pass

        return Handler

    def _answer(self, request, answer):
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        if status == "redirect":
            status, headers = 302, {"Location": self.url}
        if status in ("stall", "drip", "lie", "hang up"):
            request.close_connection = True
            if status == "lie":
                request.wfile.write(b"220 mail.example.dk ESMTP\r\n" * 100)
            elif status == "hang up":
                request.connection.shutdown(socket.SHUT_RDWR)
            elif status == "stall":
                self.over.wait(60)
            else:
                request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not self.over.wait(0.05):
                    try:
                        request.wfile.write(b"a")
                    except OSError:
                        return
            return
        request.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            request.send_header(name, value)
        request.end_headers()
