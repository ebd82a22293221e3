"""Time: seconds written and read, lifetimes in words; against `calendar` and `datetime`.

Rule: what is read is what the standard library reads, and what is no date is refused with these words.
"""

import calendar
import math
from datetime import datetime, timezone
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigv4presign import _time
from sigv4presign._time import (
    LAST_SECOND,
    amz_date,
    exact_seconds,
    in_words,
    iso_date,
    parse_amz_date,
    parse_clock,
    parse_date,
    parse_iso_date,
)
from sigv4presign.errors import InputError

NO_AMZ_DATE = "is not of the form YYYYMMDDTHHMMSSZ"
NO_DAY = "is not a day written YYYYMMDD"
NO_SUCH_DAY = "is not a valid day"
NO_CLOCK = "is not a time of day written HHMMSS"
NO_SUCH_CLOCK = "is not a valid time of day"
NO_ISO_DATE = "is not an ISO 8601 time with a zone, such as 2026-11-24T09:00:00Z"


def fault(read: Any, *texts: str) -> str:
    with pytest.raises(ValueError, match=r"\A") as caught:
        read(*texts)
    return str(caught.value)


# --- writing and reading ---------------------------------------------------------------------------------------------


@given(st.integers(min_value=0, max_value=LAST_SECOND))
def test_a_second_is_written_as_datetime_writes_it_and_read_back(second: int) -> None:
    moment = datetime.fromtimestamp(second, timezone.utc)
    assert amz_date(second) == f"{moment.year:04}{moment:%m%dT%H%M%SZ}"
    assert parse_amz_date(amz_date(second)) == second
    assert iso_date(second) == moment.replace(tzinfo=None).isoformat() + "Z"
    assert parse_iso_date(iso_date(second)) == second


def test_what_was_written_or_read_is_kept_by_what_it_was_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    for cache in ("_MINUTES", "_PARSED_MINUTES", "_ISO_DATES"):
        monkeypatch.setattr(_time, cache, {})
    second = 1_764_000_059
    assert iso_date(second) == "2025-11-24T16:00:59Z"
    assert parse_amz_date("20251124T160059Z") == second
    assert dict(_time._MINUTES) == {second // 60: "20251124T1600"}
    assert dict(_time._PARSED_MINUTES) == {"20251124T1600": second - 59}
    assert dict(_time._ISO_DATES) == {second: "2025-11-24T16:00:59Z"}


@pytest.mark.parametrize("years", [(1970, 2030), (2090, 2110), (2395, 2405), (9990, 9999)])
def test_every_day_of_a_year_is_the_day_of_the_calendar(years: "tuple[int, int]") -> None:
    for year in range(years[0], years[1] + 1):
        for month in range(1, 13):
            for day in range(1, calendar.monthrange(year, month)[1] + 1):
                assert parse_date(f"{year}{month:02}{day:02}") == calendar.timegm((year, month, day, 0, 0, 0))


@pytest.mark.parametrize(
    "day",
    ["20261301", "20260001", "20260100", "20260132", "20260431", "20261232", "20260229", "21000229", "19691231"],
)
def test_a_day_that_is_none_is_refused(day: str) -> None:
    assert fault(parse_date, day) == NO_SUCH_DAY


@pytest.mark.parametrize("text", ["", "2026112", "202611244", "2026-1-4", "٢٠٢٦١١٢٤"])
def test_a_day_that_is_written_otherwise_is_refused(text: str) -> None:
    assert fault(parse_date, text) == NO_DAY


@pytest.mark.parametrize("text", ["20261124T1600x0Z", "20261124T160000z", "20261124T160000", "20261124 160000Z"])
def test_an_amz_date_of_another_form_is_refused(text: str) -> None:
    assert fault(parse_amz_date, text) == NO_AMZ_DATE


def test_a_time_of_day_that_is_none_is_refused() -> None:
    assert parse_clock("23", "59", "59") == 86_399
    assert fault(parse_clock, "24", "00", "00") == NO_SUCH_CLOCK
    assert fault(parse_clock, "23", "59", "60") == NO_CLOCK
    assert fault(parse_clock, "1", "00", "00") == NO_CLOCK


# --- ISO 8601 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "zone", ["Z", "z", ".5Z", ".05z", "+00:00", "-00:00", "+23:00", "-00:59", "+05:30", ".5+01:00", ".123456-11:15"]
)
def test_a_zone_and_a_fraction_are_read_as_datetime_reads_them(zone: str) -> None:
    text = "2026-11-24T09:08:07"
    fraction, _, _ = zone.replace("z", "Z").replace("+", "Z").replace("-", "Z").partition("Z")
    offset = zone[len(fraction) :].replace("z", "Z").replace("Z", "+00:00")
    assert parse_iso_date(text + zone) == math.floor(datetime.fromisoformat(text + offset).timestamp())


@pytest.mark.parametrize(
    "zone",
    [
        "",
        ".5",
        ".x5Z",
        ".5xZ",
        ".Z",
        "5Z",
        "X01:00",
        "X+01:00",
        ".5X+01:00",
        "+01-00",
        "+01:0",
        "+0x:00",
        "+24:00",
        "+00:60",
        "+٠١:00",
        "+1:00",
    ],
)
def test_a_zone_or_a_fraction_that_is_none_is_refused(zone: str) -> None:
    assert fault(parse_iso_date, "2026-11-24T09:08:07" + zone) == NO_ISO_DATE


@pytest.mark.parametrize("zone", [" UTC", "UTC", " GMT", "gmt", ".5 utc"])
def test_the_zone_may_be_the_word_that_other_tools_write(zone: str) -> None:
    assert parse_iso_date("2026-11-24T09:08:07" + zone) == parse_iso_date("2026-11-24T09:08:07Z")
    assert fault(parse_iso_date, "2026-11-24T09:08:07\t" + zone.strip(" .5")) == NO_ISO_DATE


# --- arguments -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0, 0.0, 0.5, LAST_SECOND, LAST_SECOND + 0.5])
def test_the_first_and_the_last_moment_are_moments(seconds: float) -> None:
    assert exact_seconds(seconds) == seconds


@pytest.mark.parametrize("seconds", [-0.5, -1, LAST_SECOND + 1, math.inf, math.nan])
def test_what_lies_outside_the_calendar_is_refused(seconds: float) -> None:
    with pytest.raises(InputError, match="outside the years 1970 to 9999"):
        exact_seconds(seconds)


class OnlyUtcoffset:
    def utcoffset(self) -> None:
        return None


class OnlyTimestamp:
    def timestamp(self) -> float:
        return 0.0


@pytest.mark.parametrize("kind", [OnlyUtcoffset, OnlyTimestamp])
def test_half_a_datetime_is_no_time(kind: "type[Any]") -> None:
    with pytest.raises(
        TypeError, match=rf"\Anow: {kind.__name__} is not a time; give epoch seconds or an aware datetime"
    ):
        exact_seconds(kind())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"), (1, "1 second"), (2, "2 seconds"), (59, "59 seconds"), (60, "1 minute"), (61, "61 seconds"),
        (120, "2 minutes"), (3_600, "1 hour"), (7_200, "2 hours"), (86_400, "1 day"), (604_800, "7 days"),
    ],
)  # fmt: skip
def test_a_duration_in_words(seconds: int, words: str) -> None:
    assert in_words(seconds) == words


@pytest.mark.parametrize(
    "text",
    [
        "2035-08-13T13:03:59UTC", "2035-08-13T13:03:59+0000", "2035-08-13T13:03:59GMT", "2035-08-13 13:03:59.25 +0200",
        "2035-08-13T13:03:59-07:30", "2035-08-13T13:03:59+05", "2035-08-13T13:03:59z", "2035-08-13T13:03:59 UTC",
    ],
)  # fmt: skip
def test_the_spellings_of_a_zone_that_programs_print_are_read_as_botocore_reads_them(text: str) -> None:
    parser: Any = import_module("dateutil.parser")  # which botocore reads with; it has no types
    moment: datetime = parser.parse(text)
    assert parse_iso_date(text) == int(moment.timestamp())


@pytest.mark.parametrize("zone", ["", "+", "+1", "+25", "+00:60", "+00:0", "+00:00:", "PST", "+²0", "00:00", " "])
def test_a_zone_that_is_missing_or_malformed_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 8601 time with a zone"):
        parse_iso_date(f"2035-08-13T13:03:59{zone}")
