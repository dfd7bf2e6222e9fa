"""A loopback server that speaks the chat API and says what it was told to say."""

import json
import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.agent.server.tiny_model import Example

Reply = str | Callable[[list[dict[str, Any]]], str]

OPENING, CLOSING = "<tool_call>\n", "\n</tool_call>"


class StubServer:
    """Answers chat requests with its script in order, and keeps the requests.

    Args:
        script: Texts as a model writes them (calls in the Hermes form), or functions of the
            messages to such a text; an integer is an HTTP status to fail with, a negative one
            the code of a failure that comes in the stream.
        always: What is said once the script has ended.

    Attributes:
        examples: The requests with the replies that were given.
    """

    def __init__(
        self, script: Sequence[Reply | int] = (), always: Reply | int | None = None
    ) -> None:
        self.script = list(script)
        self.always = always
        self.requests: list[dict[str, Any]] = []
        self.examples: list[Example] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> "StubServer":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send({"data": [{"id": "stub", "max_model_len": 8192}]})

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                stub.requests.append(request)
                reply = stub.script.pop(0) if stub.script or stub.always is None else stub.always
                if isinstance(reply, int) and reply < 0:
                    self._send_head()
                    self._event({"error": {"message": "told to fail", "code": -reply}})
                    return
                if isinstance(reply, int):
                    self._send({"error": {"message": "told to fail"}}, reply)
                    return
                text = reply if isinstance(reply, str) else reply(request["messages"])
                tools = request.get("tools")
                stub.examples.append(Example(request["messages"], tools, text))
                message = _message(text) if tools else {"content": text}
                usage = _usage(request["messages"], text)
                if request.get("stream"):
                    told = (request.get("stream_options") or {}).get("include_usage")
                    self._stream(message, usage if told else None)
                else:
                    whole = _chunk({"message": {"role": "assistant"} | message})
                    self._send(whole | {"usage": usage})

            def _send(self, content: dict[str, Any], status: int = 200) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _send_head(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()

            def _stream(self, message: dict[str, Any], usage: dict[str, int] | None) -> None:
                self._send_head()
                for number, call in enumerate(message.get("tool_calls", [])):
                    call["index"] = number
                words = (message.get("content") or "").split(" ")
                deltas: list[dict[str, Any]] = [
                    {"content": word if n == 0 else f" {word}"} for n, word in enumerate(words)
                ]
                if message.get("tool_calls"):
                    deltas = [{"tool_calls": message["tool_calls"]}]
                deltas[0] |= {"role": "assistant"}
                for delta in deltas:
                    self._event(_chunk({"delta": delta}))
                self._event(_chunk({"delta": {}, "finish_reason": "stop"}))
                if usage:
                    self._event(_chunk({}) | {"choices": [], "usage": usage})
                self.wfile.write(b"data: [DONE]\n\n")

            def _event(self, content: dict[str, Any]) -> None:
                self.wfile.write(f"data: {json.dumps(content)}\n\n".encode())

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _usage(messages: list[dict[str, Any]], reply: str) -> dict[str, int]:
    """Counts words as a server counts tokens."""
    prompt = sum(len(str(message["content"]).split()) for message in messages)
    told = {"prompt_tokens": prompt, "completion_tokens": len(reply.split())}
    return told | {"total_tokens": sum(told.values())}


def _chunk(choice: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "1", "object": "chat.completion.chunk", "created": 0, "model": "stub",
        "choices": [{"index": 0, "finish_reason": None} | choice],
    }  # fmt: skip


def _message(text: str) -> dict[str, Any]:
    """Reads a call in the Hermes form, as vLLM's parser does."""
    if OPENING not in text:
        return {"content": text}
    call = json.loads(text.partition(OPENING)[2].removesuffix(CLOSING))
    function = {"name": call["name"], "arguments": json.dumps(call["arguments"])}
    return {"content": None, "tool_calls": [{"id": "c", "type": "function", "function": function}]}
