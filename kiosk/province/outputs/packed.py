"""Several files as one: a zip that is the same bytes for the same files, whenever and wherever it is made."""

import io
import zipfile
from collections.abc import Mapping

MEDIA_TYPE = "application/zip"
# The first moment that a zip can name: when it was made is no part of what it holds.
NO_TIME = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o644 << 16


def packed(files: Mapping[str, bytes]) -> bytes:
    """The zip of these files, in their order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            about = zipfile.ZipInfo(name, NO_TIME)
            about.compress_type, about.external_attr, about.create_system = zipfile.ZIP_DEFLATED, PLAIN_FILE, 3
            archive.writestr(about, content)
    return made.getvalue()
