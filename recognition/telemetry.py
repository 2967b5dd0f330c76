"""Keeps ONNX Runtime from telling its maker that, and how, it is used.

Its Linux wheels of 2026 write a number for the device and their events into the user's cache folder
and know an address to send them to. A door's computer tells nobody but its own server anything.
"""

import os


def refuse_telemetry() -> None:
    """Switch it off for this process and its children, before ONNX Runtime is first imported."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
