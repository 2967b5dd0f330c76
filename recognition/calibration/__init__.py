"""Turns a promise, how often a stranger may pass, into a distance."""
