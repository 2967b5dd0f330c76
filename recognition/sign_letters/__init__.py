"""Letters signed by a hand: the 26 of the American finger alphabet, held still."""
