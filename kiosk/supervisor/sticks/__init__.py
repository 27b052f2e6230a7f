"""The citizen's USB sticks: noticed, opened, saved to, made safe to pull out."""
