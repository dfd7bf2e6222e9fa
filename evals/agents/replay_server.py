"""A loopback server that speaks the chat API with fixed replies: the agent's own time remains.

Run as a process of its own: `python -m evals.agents.replay_server`; it prints the address that it
listens at.
"""

import json
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN_SECONDS = 0.005
"""Pause before each streamed token: what a fast GPU takes for one of an 8B model."""

QUOTED = re.compile(r"\[1\] .*?\): (.*)")


class Handler(BaseHTTPRequestHandler):
    """Plans a literature search, makes the call, quotes its first passage."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Names the one model."""
        self._send({"data": [{"id": "replay", "max_model_len": 32768}]})

    def do_POST(self) -> None:
        """Replies to a chat request, in one piece or in a stream."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        message = _reply(request)
        usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        if request.get("stream"):
            self._stream(message, usage)
            return
        choice = {"message": {"role": "assistant"} | message, "finish_reason": "stop"}
        self._send(_chunk([choice]) | {"usage": usage})

    def _send(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, message: dict[str, Any], usage: dict[str, int]) -> None:
        calls = message.get("tool_calls")
        words = re.findall(r"\s*\S+", message.get("content") or "")
        deltas = [{"tool_calls": calls}] if calls else [{"content": word} for word in words]
        deltas[0] |= {"role": "assistant"}
        chunks = [_chunk([{"delta": delta}]) for delta in deltas]
        chunks.append(_chunk([{"delta": {}, "finish_reason": "stop"}]))
        chunks.append(_chunk([]) | {"usage": usage})
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for line in [*map(json.dumps, chunks), "[DONE]"]:
            time.sleep(TOKEN_SECONDS)
            event = f"data: {line}\n\n".encode()
            self.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def _chunk(choices: list[dict[str, Any]]) -> dict[str, Any]:
    whole = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "replay"}
    return whole | {"choices": [{"index": 0, "finish_reason": None} | one for one in choices]}


def _reply(request: dict[str, Any]) -> dict[str, Any]:
    last = request["messages"][-1]
    if last["role"] == "tool":
        passage = QUOTED.search(last["content"])
        said = f"One study says: “{passage[1]}” [1]." if passage else "The library has no answer."
        return {"content": said}
    call = {"query": last["content"].partition("\n")[0], "top_k": 3}
    if request.get("tools"):
        function = {"name": "search_literature", "arguments": json.dumps(call)}
        made = {"id": "c", "index": 0, "type": "function", "function": function}
        return {"content": None, "tool_calls": [made]}
    step = {"request": call["query"], "tool": "search_literature", "args": call}
    return {"content": json.dumps({"outcome": "act", "steps": [step], "message": ""})}


class Server(ThreadingHTTPServer):
    """Serves until its process is ended."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Says nothing of clients that close a connection before its last byte."""


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}/v1\n")
    sys.stdout.flush()
    server.serve_forever()
