"""Whether a frame may show a face at all, before it is searched closely."""
