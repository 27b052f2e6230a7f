"""sqlite-utils without pandas and numpy, which it loads wherever it finds them: 0.4 s and 77 MB that no station needs.

A PC has neither; a machine that has the province's end beside a station has both.
"""

import sys

_LEFT_OUT = [name for name in ("numpy", "pandas") if name not in sys.modules]
for _name in _LEFT_OUT:
    sys.modules[_name] = None  # type: ignore[assignment]
try:
    from sqlite_utils import Database as Database
    from sqlite_utils import Migrations as Migrations
finally:
    for _name in _LEFT_OUT:
        del sys.modules[_name]
