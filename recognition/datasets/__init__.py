"""Labelled data as training and evaluation read it; nothing here learns or measures."""
