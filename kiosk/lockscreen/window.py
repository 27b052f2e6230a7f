"""The lock's one window: Tk's, inside the cover, as large as the monitor on which the pages are drawn."""

import tkinter

from kiosk.lockscreen.app import start_tk
from kiosk.lockscreen.cover import Cover
from kiosk.lockscreen.draw import Painter, Pictures
from kiosk.lockscreen.look import Look
from kiosk.lockscreen.monitors import Monitors

# So soon a forerunner is gone.
ALONE_MS = 400


class Window:
    """Canvas and painter. Other monitors show the ground alone: the cover is as large as all of them together."""

    def __init__(self, cover: Cover) -> None:
        self.cover = cover
        self.tk = start_tk("Kiosk-lock", cover.x)
        self._monitors = Monitors(cover.x)
        self._monitors.listen(cover.watch)
        self.view = self._monitors.view(cover.width, cover.height)
        self.look = Look(self.view.w, self.view.h)
        self.tk.geometry(f"{self.view.w}x{self.view.h}+0+0")
        self.tk.configure(background=self.look.dark_ground)
        self.canvas = tkinter.Canvas(self.tk, highlightthickness=0, borderwidth=0, background=self.look.dark_ground)
        self.canvas.pack(fill="both", expand=True)
        self.tk.update_idletasks()
        cover.adopt(self.tk.winfo_id())
        self._place()
        self.pictures = Pictures(self.tk)
        self.painter = Painter(self.canvas, self.look, self.pictures)

    def _place(self) -> None:
        self.tk.geometry(f"{self.view.w}x{self.view.h}+0+0")
        self.tk.update_idletasks()
        self.cover.move_page(self.view.x, self.view.y)

    def follow(self) -> bool:
        """Where the screen or its monitors may have changed; whether the view did."""
        view = self._monitors.view(self.cover.width, self.cover.height)
        if view == self.view:
            return False
        self.view = view
        self._place()
        return True

    def dress(self, large: bool, contrast: bool) -> None:
        """The look of the next drawing."""
        self.painter.look = self.look = Look(self.view.w, self.view.h, large, contrast)

    def drawn(self) -> None:
        """After a drawing: the ground around it follows, and pictures of the last page go."""
        ground = str(self.canvas.cget("background"))
        if str(self.tk.cget("background")) != ground:
            self.tk.configure(background=ground)
        self.canvas.update_idletasks()
        self.cover.ground(int(ground[1:], 16))
        self.pictures.sweep()

    def behind_no_more(self) -> None:
        """The first page is painted: whoever covered until now may go."""
        self.tk.winfo_pointerxy()  # a round trip: Tk's own connection has done what was asked
        self.cover.painted((self.tk.winfo_id(), self.canvas.winfo_id()))
        self.tk.after(ALONE_MS, self._ground_again)

    def _ground_again(self) -> None:
        for widget in (self.tk, self.canvas):
            widget.configure(background=widget.cget("background"))
        self.cover.ground_again()
