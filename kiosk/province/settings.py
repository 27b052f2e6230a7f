"""province.toml: what a province has decided; written once with safe defaults and both languages, then its own."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from kiosk.errors import SettingsError
from kiosk.rules.policy_problems import problems_of
from kiosk.settings import read_toml
from kiosk.translations import _

MOST_URLS = 8
_TEXT = """\
# Máy chủ của TỈNH: nơi nhận số liệu hằng đêm của các điểm.
# The PROVINCE: where the nightly figures of all sites are received.
#
# Sửa xong, xin khởi động lại: kiosk province serve
# After a change, start again:  kiosk province serve

# Tên và địa chỉ, in trên phiếu mã kết nối của từng máy. / Name and addresses, printed on the sheet of codes.
[province]
name = {name}
# Các máy gửi về địa chỉ đầu tiên trả lời. / Stations send to the first address that answers.
urls = {urls}

# Nơi máy chủ lắng nghe. / Where the server listens.
[serve]
listen = "{listen}"
# Chứng thư riêng của tỉnh (để trống: máy chủ tự làm và tự gia hạn); authority để trống: chứng thư được mọi máy tin.
# The province's own certificate files (left out: one is made and renewed here); authority left out: one that every
# PC trusts.
# certificate = "/etc/ssl/counts.example.vn.pem"
# key = "/etc/ssl/private/counts.example.vn.key"
# authority = "/etc/ssl/our-own-ca.pem"

# Gói số liệu không nhận được, để cán bộ xem lại. / Bundles that could not be taken, kept for an officer to look at.
[quarantine]
# Gói không rõ của ai gửi: giữ nhiều nhất chừng này MB, quá thì từ chối.
# Bundles that nobody known has signed: keep at most so many MB of them, refuse more.
junk_mb = {junk}
"""


def _web_address(url: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    loopback = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if not parts.hostname or (parts.scheme != "https" and not loopback) or parts.query or parts.fragment:
        raise ValueError(_("an address such as https://counts.example.vn"))
    return url.rstrip("/")


Address = Annotated[str, AfterValidator(_web_address)]


def _some(urls: tuple[str, ...]) -> tuple[str, ...]:
    """Looked at behind each of them: where one is wrong, nothing else is said of all."""
    if not 1 <= len(urls) <= MOST_URLS:
        raise ValueError(_("one to {n} addresses", n=MOST_URLS))
    return urls


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ProvinceSection(_Section):
    """Who the province is; `urls` in the order in which stations try them."""

    name: str = Field(min_length=1, max_length=200)
    urls: Annotated[tuple[Address, ...], AfterValidator(_some)] = Field(strict=False)


class ServeSection(_Section):
    """`listen`: host:port. `certificate`, `key`, `authority`: PEM files of the province's own; empty: made here."""

    listen: str = "0.0.0.0:8443"
    certificate: str = ""
    key: str = ""
    authority: str = ""


class QuarantineSection(_Section):
    """`junk_mb`: MB kept of what nobody known has signed."""

    junk_mb: int = Field(default=256, ge=0, le=1_000_000)


class Settings(_Section):
    """The whole file."""

    province: ProvinceSection
    serve: ServeSection = ServeSection()
    quarantine: QuarantineSection = QuarantineSection()


def read_settings(path: Path) -> Settings:
    """The settings in a file; SettingsError with all that is wrong in it."""
    return _checked(read_toml(path), str(path))


def toml_of(name: str, urls: Sequence[str]) -> str:
    """The first province.toml. SettingsError when name or addresses cannot be."""
    given = _checked({"province": {"name": name, "urls": list(urls)}}, "province.toml")
    return _TEXT.format(
        name=json.dumps(given.province.name, ensure_ascii=False),
        urls=json.dumps(given.province.urls, ensure_ascii=False),
        listen=given.serve.listen,
        junk=given.quarantine.junk_mb,
    )


def _checked(data: dict[str, object], path: str) -> Settings:
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise SettingsError(
            _("{path} cannot be used.", path=path), _("Correct it and try again."), problems_of(error, Settings)
        ) from None
