"""What this engine is: the numbers that all its parts agree on."""

NAME = "dlib-resnet"
# Raised whenever alignment or network change what a vector means; templates are then made anew.
VERSION = 1
# Raised whenever the same weights would become a different ONNX file.
CONVERTER_VERSION = 2
# Side of an aligned face, and the room around it as a share of the face's width.
CHIP_PX = 150
PADDING = 0.25
DIMENSION = 128
