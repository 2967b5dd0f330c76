"""Measures how well faces are found and told apart, in ISO/IEC 19795-1's terms."""
