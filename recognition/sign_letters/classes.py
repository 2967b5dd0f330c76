"""What the network of letters tells apart, and which release of it this code expects."""

NAME = "sign-letters"
VERSION = "1"
"""Raised when preprocessing or classes change."""
BLANK = "blank"
"""No hand."""
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
CLASSES = (*LETTERS, BLANK)
