"""Symbols read from frames: what a reader gives, where it looks, when a held symbol counts."""
