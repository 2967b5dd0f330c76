"""PINs as plain values: what may be one, how it is kept, how often it may be tried. No Django."""
