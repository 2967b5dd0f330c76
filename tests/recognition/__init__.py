"""The computer-vision library, tested with drawn people and, where they are, with real pictures."""
