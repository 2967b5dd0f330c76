"""The built-in engine, held against dlib."""
