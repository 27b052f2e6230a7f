"""The manager's panel: what the station does now, and what staff may do about it. Start at `views.py`."""

from kiosk.service.panel.views import create_panel

__all__ = ["create_panel"]
