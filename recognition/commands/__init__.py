"""The commands of `python -m recognition`, one a file."""
