"""The province's board in a browser: goals, sites, silence, trends. It reads; it writes only by orders (orders.py).

Start at `app.py`. A new page: a function that is given the Desk, and a line of PAGES in its module (`pages.py`).
"""
