"""dhis2.toml: what a province's DHIS2 calls our sites, units and figures; written once, then the province's own.

Left out of the file, a code there is the same as here.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kiosk.errors import KioskError, SettingsError
from kiosk.rules.policy_problems import problems_of
from kiosk.settings import read_toml
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.province.home import Home

FILE = "dhis2.toml"
_TEXT = """\
# Gửi số liệu sang DHIS2: mã ở đây ứng với mã nào bên DHIS2. Không ghi thì hai bên dùng chung một mã.
# Figures for DHIS2: which code here is which code there. What is not written here has the same code in both.
#
# Lập hai tệp, rồi gửi từng tệp; gửi lại cũng không tính hai lần.
# Make two files, then send each of them; sending again counts nothing twice.
#   kiosk province report --period 2026-11 --format dhis2 --to dhis2
#   for one in dataValueSets completeDataSetRegistrations; do
#     curl -u USER -H "Content-Type: application/json" -d @dhis2/$one.json "https://DHIS2/api/$one?idScheme=code"
#   done

# Bộ dữ liệu của từng loại kỳ báo cáo ("" : không gửi loại kỳ này).
# The data set of each kind of period ("": this kind is not sent).
[data_set]
day = "KIOSK_DAY"
week = "KIOSK_WEEK"
month = "KIOSK_MONTH"
quarter = "KIOSK_QUARTER"
year = "KIOSK_YEAR"

[options]
# Mã của tổ hợp phân loại mặc định bên DHIS2. / The code of DHIS2's default category option combination.
category_option_combo = "default"
# true: gửi cả số 0. Một số liệu vừa trở thành 0 thì số 0 mới xóa được số cũ; DHIS2 tự bỏ qua những số 0 không cần lưu.
# true: noughts are sent too. Where a figure has become 0, only a 0 takes the old one away; DHIS2 itself leaves out
# the noughts that it does not keep.
zeros = true

# Mã điểm hoặc mã xã = mã đơn vị bên DHIS2; "" : không gửi. / Site or unit = organisation unit; "": not sent.
[org_unit]
# "TH-001" = "OU_559"

# Mã chỉ tiêu = mã phần tử dữ liệu; "" : không gửi. / Code of a figure = data element; "": not sent.
[data_element]
# VISITS = "KIOSK_VISITS"
# MISSED = ""
"""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class DataSets(_Part):
    """By kind of period; "" is not sent."""

    day: str = "KIOSK_DAY"
    week: str = "KIOSK_WEEK"
    month: str = "KIOSK_MONTH"
    quarter: str = "KIOSK_QUARTER"
    year: str = "KIOSK_YEAR"


class Options(_Part):
    """`zeros`: whether noughts are sent."""

    category_option_combo: str = Field(default="default", min_length=1)
    zeros: bool = True


class Codes(_Part):
    """The whole file."""

    data_set: DataSets = DataSets()
    options: Options = Options()
    org_unit: Mapping[str, str] = Field(default_factory=dict)
    data_element: Mapping[str, str] = Field(default_factory=dict)


def codes_of(home: "Home") -> Codes:
    """The province's codes; the file is written where there is none. SettingsError with all that is wrong in it.

    Who may not write in the home goes by what would stand in the file.
    """
    from kiosk.export.files import put
    from kiosk.province.home import must_be_ours

    path = home.path / FILE
    if not path.exists():
        try:
            must_be_ours(home)
            put(path, _TEXT.encode())
        except KioskError:
            return Codes()
    return read_codes(path)


def read_codes(path: Path) -> Codes:
    """The codes in a file."""
    try:
        return Codes.model_validate(read_toml(path))
    except ValidationError as error:
        raise SettingsError(
            _("{path} cannot be used.", path=path), _("Correct it and try again."), problems_of(error, Codes)
        ) from None
