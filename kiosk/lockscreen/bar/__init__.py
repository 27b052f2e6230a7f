"""The time bar: the strip at the top of a session, and the sheets that hang from it."""
