"""A pytest plugin, loaded before Django's settings: each test process has servers of its own."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

# Nothing of the person who runs the tests may reach them: no address of a real server, no secret.
for name in list(os.environ):
    if name.startswith("LINTEL_") and name != "LINTEL_CACHE":
        del os.environ[name]
for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEMO", "CAMERA", "KIOSK_PORT"):
    os.environ.pop(name, None)
os.environ["LINTEL_VAR"] = str(
    REPOSITORY / "var" / "test" / os.environ.get("PYTEST_XDIST_WORKER", "main")
)

from config.servers import ensure_servers  # noqa: E402 - the environment comes first

ensure_servers()
