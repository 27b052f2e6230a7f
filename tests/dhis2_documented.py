"""What the developer manual of DHIS2 says of the files that are posted to it, field by field; no other field is taken.

Web API: data value sets with their identifier schemes, dates and periods; complete data set registrations.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Scheme = Annotated[str, StringConstraints(pattern="^(UID|CODE|NAME|ATTRIBUTE:[A-Za-z][A-Za-z0-9]{10})$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=50)]
# Of its period types those that we report by: daily, weekly, monthly, quarterly, yearly.
Period = Annotated[
    str, StringConstraints(pattern=r"^\d{4}((0[1-9]|1[0-2])([0-3]\d)?|W([1-9]|[1-4]\d|5[0-3])|Q[1-4])?$")
]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")]


class _Documented(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class DataValue(_Documented):
    dataElement: Code
    period: Period
    orgUnit: Code
    categoryOptionCombo: Code | None = None
    attributeOptionCombo: Code | None = None
    value: Annotated[str, StringConstraints(pattern=r"^-?(0|[1-9]\d*)(\.\d+)?$")]  # of number and integer elements
    comment: str | None = None
    followup: bool | None = None
    deleted: bool | None = None


class DataValueSet(_Documented):
    dataSet: Code | None = None
    completeDate: Day | None = None
    period: Period | None = None
    orgUnit: Code | None = None
    attributeOptionCombo: Code | None = None
    idScheme: Scheme | None = None
    dataSetIdScheme: Scheme | None = None
    dataElementIdScheme: Scheme | None = None
    orgUnitIdScheme: Scheme | None = None
    categoryOptionComboIdScheme: Scheme | None = None
    dataValues: list[DataValue]


class Registration(_Documented):
    dataSet: Code
    period: Period
    organisationUnit: Code
    attributeOptionCombo: Code | None = None
    date: Day | None = None
    storedBy: str | None = None
    completed: bool | None = None


class Registrations(_Documented):
    completeDataSetRegistrations: list[Registration] = Field(min_length=1)
