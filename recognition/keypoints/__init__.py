"""68 points of a face by the project's own network, and what follows from them."""
