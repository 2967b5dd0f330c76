"""Faces with something drawn before them, or about them: what covers are told by."""
