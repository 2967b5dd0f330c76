"""What every test may ask for."""

import os
import shutil
import warnings
from pathlib import Path

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_DATA = REPOSITORY.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real pictures; skip, loudly, where it is missing."""
    if not SHARED_DATA.is_dir():
        warnings.warn(f"REAL DATA MISSING: {SHARED_DATA}", stacklevel=1)
        pytest.skip(f"real pictures are missing: {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium; skip, loudly, where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    warnings.warn("NO BROWSER: install chromium to run the browser tests", stacklevel=1)
    pytest.skip("no browser: install chromium")


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Return the folder that browser tests leave their pictures in."""
    folder = REPOSITORY / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> None:
    """Build the static files that pages link to, where `make setup` has not."""
    from django.conf import settings
    from django.core.management import call_command

    from config.servers.locks import LockFile

    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    lock = LockFile(REPOSITORY / "var" / "test" / "static.lock")
    lock.take()  # by one of the test processes, for all
    if not manifest.exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    lock.close()


# How fast the machine is says nothing about the code.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

# Django would otherwise refuse a synchronous query inside Playwright's event loop.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
