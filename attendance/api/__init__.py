"""The HTTP API that kiosks speak, version 1."""
