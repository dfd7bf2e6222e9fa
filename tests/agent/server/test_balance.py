import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from agent.llm import balance
from agent.llm.balance import BalancedTransport


class Counter:
    """A server that counts what it is asked, and answers when it may."""

    def __init__(self, port: int = 0) -> None:
        self.asked: list[str] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.arrived = threading.Semaphore(0)
        counter = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                counter.asked.append(f"{self.headers['Host']}{self.path}")
                counter.arrived.release()
                counter.may_answer.wait(10)
                body = json.dumps({"path": self.path}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def pair() -> Iterator[tuple[Counter, Counter]]:
    one, two = Counter(), Counter()
    yield one, two
    one.close()
    two.close()


def client_of(*urls: str) -> httpx2.Client:
    return httpx2.Client(transport=BalancedTransport(urls), base_url=urls[0])


def test_idle_server_is_given_the_next_request(pair: tuple[Counter, Counter]) -> None:
    one, two = pair
    with client_of(one.url, two.url) as client:
        one.may_answer.clear()
        waiting = threading.Thread(target=client.get, args=("/models",))
        waiting.start()
        one.arrived.acquire(timeout=5)
        assert client.get("/models").json() == {"path": "/v1/models"}
        assert two.asked == [f"127.0.0.1:{two.port}/v1/models"]
        one.may_answer.set()
        waiting.join()
        client.get("/models")
    assert (len(one.asked), len(two.asked)) == (2, 1)


def test_dead_server_is_left_out_and_found_again(
    pair: tuple[Counter, Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = Counter()
    dead.close()
    with client_of(dead.url, pair[0].url) as client:
        for _ in range(3):
            assert client.get("/models").status_code == 200
        assert len(pair[0].asked) == 3
        back = Counter(dead.port)
        client.get("/models")
        assert back.asked == []  # it rests still
        monkeypatch.setattr(balance.time, "monotonic", lambda: 1e12)
        client.get("/models")
        assert len(back.asked) == 1
        back.close()


def test_no_live_server_is_said() -> None:
    with (
        client_of("http://127.0.0.1:9/v1", "http://127.0.0.1:1/v1") as client,
        pytest.raises(httpx2.ConnectError, match="none of"),
    ):
        client.get("/models")
