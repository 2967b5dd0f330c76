"""Reads a digit that a hand shows: 0 to 9 of the sign language of the training data, or none."""
