"""Printing, closed to all but what staff or the policy let through, and counted."""
