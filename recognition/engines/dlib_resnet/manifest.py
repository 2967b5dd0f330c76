"""What this engine is: the numbers that all its parts agree on."""

NAME = "dlib-resnet"
# Raised whenever alignment or network change what a vector means; templates are then made anew.
VERSION = 2
# Raised whenever the same weights would become a different ONNX file.
CONVERTER_VERSION = 3
# Side of an aligned face, and the room around it as a share of the face's width.
CHIP_PX = 150
PADDING = 0.25
# What the network gives of a face: dlib's descriptor, then averages over its last stage but one.
DESCRIPTOR = 128
FEATURES = DESCRIPTOR + 256
# What is made of it (projection.py): a template, and what a probe is compared by.
DIMENSION = 128
