"""The example manifest is one that Lintel reads, and the manual names every key of it."""

import json
from pathlib import Path

from recognition.engines.site.manifest import read_manifest

DOCS = Path(__file__).parents[4] / "docs"
MANIFEST = DOCS / "engines" / "mobilefacenet-arcface.json"


def test_the_example_manifest_is_read() -> None:
    manifest = read_manifest(MANIFEST.read_bytes())

    assert manifest.name == MANIFEST.stem
    assert manifest.measured


def test_the_manual_names_every_key() -> None:
    manual = (DOCS / "engines.md").read_text()
    for key, value in json.loads(MANIFEST.read_text()).items():
        assert f"| `{key}` |" in manual
        for inner in value if isinstance(value, dict) else ():
            assert inner in manual
