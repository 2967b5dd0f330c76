"""The project's own small networks, as ONNX Runtime runs them."""
