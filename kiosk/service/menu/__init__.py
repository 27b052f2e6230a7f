"""The citizen's menu: eight themes of local texts and the door to the Internet. Start at `views.py`."""

from kiosk.service.menu.views import INTERNET_START, THREADS, create_menu

__all__ = ["INTERNET_START", "THREADS", "create_menu"]
