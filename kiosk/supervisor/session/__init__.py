"""What a citizen's session is made of: room, desktop, programs, browser, typing."""
