"""A camera that sends pictures over HTTP, and then goes away."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from recognition import encode_jpeg


class _Camera(http.server.BaseHTTPRequestHandler):
    """Sends ten JPEG pictures one after the other, as network cameras do."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        for level in range(10):
            picture = encode_jpeg(np.full((48, 64, 3), level * 25, np.uint8))
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
            self.wfile.write(head.encode() + picture + b"\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keep quiet."""


@contextmanager
def network_camera_running() -> Iterator[str]:
    """Give the camera's address, without the protocol."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Camera)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}/live"
    server.shutdown()
    server.server_close()
