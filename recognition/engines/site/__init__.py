"""Engines that a site supplies itself: an ONNX embedder with its manifest, and a detector."""
