"""Whether something hides a part of a face: a mask, a hand, sunglasses, a scarf, hair."""
