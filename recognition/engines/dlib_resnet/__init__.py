"""The built-in engine, made of dlib's detector, five points and ResNet."""
