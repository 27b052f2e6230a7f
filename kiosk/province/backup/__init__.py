"""Copies of a province's home: made, brought back, looked through."""
