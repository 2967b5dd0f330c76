#!/usr/bin/env python
"""Lintel's administrative commands."""

import os
import sys

from config.faults import one_line_faults
from config.servers.command import serve_command


def main() -> None:
    """Run one command, with the private servers around it where it needs them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with one_line_faults():
        serve_command(sys.argv[1:])
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
