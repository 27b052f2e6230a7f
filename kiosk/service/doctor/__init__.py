"""What `kiosk check` looks at, and what it says of it."""
