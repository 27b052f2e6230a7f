"""What staff do at the lock: the gesture that asks for it, and the PIN."""
