"""The display as it was: what a session changed on the X server is put back after it."""
