"""Runs a keeper: `python -S -m config.servers NAME PLAN REPORT`, see `keeper.py`."""

import sys

from config.servers.keeper import main

main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
