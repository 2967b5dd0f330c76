"""How the small networks are trained; the only place that imports PyTorch, and only on demand."""
