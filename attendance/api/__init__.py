"""The HTTP API that kiosks speak, version 1."""

from .application import api

__all__ = ["api"]
