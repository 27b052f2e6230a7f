"""What a citizen sees of the bar's sheet: a window of the bar's own process, on top, with words on it."""

from collections import Counter

from Xlib import X, display
from Xlib.ext import res

Box = tuple[int, int, int, int]


def _bases(server: display.Display, pid: int) -> set[int]:
    """What all ids of a process's windows begin with, for each of its connections."""
    server.res_query_version(1, 2)
    mask = int(server.display.info.resource_id_mask)
    clients = server.res_query_client_ids([{"client": 0, "mask": res.LocalClientPIDMask}]).ids
    return {int(one.spec["client"]) & ~mask for one in clients if one.spec["client"] and list(one.value) == [pid]}


def sheet_of(name: str, pid: int) -> Box | None:
    """Where the sheet of the bar `pid` stands on the display, if words can be read on it; else None."""
    server = display.Display(name)
    try:
        bases, mask = _bases(server, pid), int(server.display.info.resource_id_mask)
        root = server.screen().root
        for window in reversed(root.query_tree().children):
            if window.id & ~mask not in bases or window.get_attributes().map_state != X.IsViewable:
                continue
            box = window.get_geometry()
            if box.y > 0 and box.height > 60 and _has_words(root, box.x, box.y, box.width, box.height):
                return (box.x, box.y, box.width, box.height)
        return None
    finally:
        server.close()


def _has_words(root: object, x: int, y: int, w: int, h: int) -> bool:
    """Whether the screen itself shows, there, dark on one light ground or the reverse: not a blank, nothing over it."""
    image = root.get_image(x, y, w, h, X.ZPixmap, 0xFFFFFF)  # type: ignore[attr-defined]
    data = image.data
    colours = Counter(data[at : at + 3] for at in range(0, len(data), 4))
    (_ground, most), *others = colours.most_common()
    return most > w * h // 3 and len(others) > 5 and sum(count for _colour, count in others) > 500
