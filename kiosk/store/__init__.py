"""What the station remembers: one SQLite file, one thread that owns its one connection, and every query of the house.

Start reading at `thread.Store`, then `schema`. The other modules hold jobs: plain functions that take the database
first and run on the store thread, each inside one transaction, by `store.run(job, ...)`.
"""

from kiosk.store.thread import Store

__all__ = ["Store"]
