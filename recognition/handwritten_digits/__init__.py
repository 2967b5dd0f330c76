"""Digits written by hand on paper and boards: found in a frame, then read."""
