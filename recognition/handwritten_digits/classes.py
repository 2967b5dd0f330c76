"""What the network of handwritten digits tells apart, and which release of it this code expects."""

NAME = "handwritten-digits"
VERSION = "1"
"""Raised when finding, preprocessing or classes change."""
DIGITS = tuple("0123456789")
NONE = "none"
"""Letters, print, scribbles, parts of digits, edges of faces and things."""
CLASSES = (*DIGITS, NONE)
