"""What every web face shares: the server, the checks on each request, pages and their words. Start at `pages.py`."""
