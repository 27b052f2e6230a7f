"""The way up: one bundle of exact counts for each station and day, in an outbox until somebody has it.

Start reading at `run`; the format, shared with the province, is `formats`. What brings them away is `courier`, a
process of a moment; when, says `schedule`; the service's side of it is service/way_up.py.
"""
