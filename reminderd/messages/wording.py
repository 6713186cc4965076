"""Amounts, dates and spans of time as a reader writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import cache, lru_cache, reduce
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from reminderd.domain.calendar import local_date
from reminderd.domain.quantities import DECIMAL, AllowanceKind, Money
from reminderd.domain.texts import Text
from reminderd.messages.catalogs import translator

# Within half a year a date is clear without its year.
_CLEAR_WITHOUT_YEAR = timedelta(days=182)
_SIZE_UNITS = (("TB", 4), ("GB", 3), ("MB", 2), ("kB", 1))
_BYTES = "B"
_SIGNIFICANT_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads a message: the language (one of known_languages()) and the zone."""

    language: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Wording:
    """What a reader is told at the instant ``now``, in the reader's words."""

    reader: Reader
    now: datetime

    @property
    def texts(self) -> NullTranslations:
        """The catalogue of the reader's language."""
        return translator(self.reader.language)

    @property
    def locale(self) -> Locale:
        """The language's rules for numbers and dates."""
        return _locale(self.reader.language)

    @property
    def today(self) -> date:
        """The reader's date."""
        return local_date(self.now, self.reader.zone)

    def say(self, text: str, /, **values: object) -> str:
        """Return *text* in the reader's language with *values* in their places."""
        return self.texts.gettext(text).format(**values)

    def tell(self, text: str) -> str:
        """Return *text* in the reader's language; what is no Text is said as it is."""
        if not isinstance(text, Text):
            return text
        values = {
            name: self.tell(value) if isinstance(value, str) else value
            for name, value in text.values.items()
        }
        return self.say(text.template, **values)

    def say_count(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Return the text for *n* things, which is also its value ``n``."""
        number = _number(n, self.reader.language)
        return self.texts.ngettext(one, many, n).format(n=number, **values)

    def day(self, day: date, *, weekday: bool = True) -> str:
        """Return a date such as "Sat 12 Dec", with the year where it is far away."""
        if abs(day - self.today) <= _CLEAR_WITHOUT_YEAR:
            near = self.texts.pgettext("date, see CLDR", "EEE d MMM")
            bare = self.texts.pgettext("date, see CLDR", "d MMM")
        else:
            near = self.texts.pgettext("date, see CLDR", "EEE d MMM y")
            bare = self.texts.pgettext("date, see CLDR", "d MMM y")
        return _date(day, near if weekday else bare, self.reader.language)

    def month(self, day: date, *, year: bool) -> str:
        """Return the month of *day*, such as "Dec" or "Dec 2026"."""
        skeleton = "yMMM" if year else "MMM"
        return format_skeleton(skeleton, day, locale=self.locale)

    def moment(self, instant: datetime, zone: ZoneInfo | None = None) -> str:
        """Return date and time such as "Mon 7 Dec 09:00", in the reader's own zone."""
        local = instant.astimezone(zone or self.reader.zone)
        return f"{self.day(local.date())} {local:%H:%M}"

    def days(self, n: int) -> str:
        """Return a number of days."""
        return self.say_count("{n} day", "{n} days", n)

    def span(self, span: timedelta) -> str:
        """Return the whole hours in *span*, or its minutes where it is shorter."""
        minutes = max(int(span / timedelta(minutes=1)), 1)
        hours = minutes // 60
        if hours:
            return self.say_count("{n} hour", "{n} hours", hours)
        return self.say_count("{n} minute", "{n} minutes", minutes)

    def days_ago(self, n: int) -> str:
        """Return the day *n* days before today in words."""
        match n:
            case 0:
                return self.say("today")
            case 1:
                return self.say("yesterday")
            case _:
                return self.say_count("{n} day ago", "{n} days ago", n)

    def days_since(self, instant: datetime) -> int:
        """Return how many of the reader's days ago *instant* was, 0 from today on."""
        return max((self.today - local_date(instant, self.reader.zone)).days, 0)

    def age(self, instant: datetime) -> str:
        """Return how old a figure of *instant* is, such as "3 days ago, 19 Nov"."""
        n = self.days_since(instant)
        if n == 0:
            return self.days_ago(n)
        date_text = self.day(local_date(instant, self.reader.zone), weekday=False)
        return self.say("{brief}, {date}", brief=self.days_ago(n), date=date_text)

    def listed(self, texts: Sequence[str], *, is_choice: bool = False) -> str:
        """Return "this, that, and more", or "this, that, or more" of a choice."""
        if is_choice:
            return format_list(texts, style="or", locale=self.locale)
        return format_list(texts, locale=self.locale)

    def together(self, *sentences: str) -> str:
        """Return whole sentences one after the other on one line."""
        text = self.texts.pgettext("two sentences on one line", "{first} {second}")
        return reduce(
            lambda first, second: text.format(first=first, second=second),
            sentences or ("",),
        )

    def money(self, money: Money) -> str:
        """Return an amount of money such as "£15.00"."""
        currency = money.currency
        return format_currency(money.major, currency, locale=self.locale)

    def amount(
        self,
        kind: AllowanceKind,
        amount: int,
        currency: str | None = None,
        size_base: int = DECIMAL,
    ) -> str:
        """Return bytes, seconds, a count or minor units of money; rounded down.

        ``size_base`` is how many bytes make a kilobyte.
        """
        match kind:
            case AllowanceKind.DATA:
                return self._size(amount, size_base)
            case AllowanceKind.VOICE:
                return self._talk_time(amount)
            case AllowanceKind.BALANCE if currency is not None:
                return self.money(Money(amount, currency))
            case _:
                number = _number(amount, self.reader.language)
                return self.texts.pgettext("number of texts", "{n}").format(n=number)

    def share(self, part: int, total: int) -> str:
        """Return *part* of *total* in per cent, rounded down, never down to none."""
        percent = part * 100 // total
        if percent == 0 and part > 0:
            return self.say("under 1%")
        return f"{_number(percent, self.reader.language)}%"

    def city(self, zone: ZoneInfo) -> str:
        """Return the city that names *zone*."""
        return get_timezone_location(zone, locale=self.locale, return_city=True)

    def _size(self, size: int, size_base: int) -> str:
        units = ((unit, size_base**power) for unit, power in _SIZE_UNITS)
        unit, base = next(
            (known for known in units if abs(size) >= known[1]), (_BYTES, 1)
        )
        whole_digits = len(str(abs(size) // base))
        decimals = max(_SIGNIFICANT_DIGITS - whole_digits, 0)
        # Rounded down: a message never promises more than there is.
        number = (Decimal(size) / base).quantize(
            Decimal(1).scaleb(-decimals), ROUND_DOWN
        )
        return f"{_number(number, self.reader.language)} {unit}"

    def _talk_time(self, seconds: int) -> str:
        if abs(seconds) < 60:  # noqa: PLR2004 - seconds in a minute
            return self.say_count("{n} s", "{n} s", seconds)
        return self.say_count("{n} min", "{n} min", int(seconds / 60))


@cache
def _locale(language: str) -> Locale:
    """Return the rules of *language*: Babel takes longer to find than to use them."""
    return Locale.parse(language)


@lru_cache(maxsize=4096)
def _date(day: date, pattern: str, language: str) -> str:
    """Return *day* in *pattern*; a long table repeats the same few dates."""
    return format_date(day, pattern, locale=_locale(language))


@lru_cache(maxsize=4096)
def _number(number: Decimal | int, language: str) -> str:
    return format_decimal(number, locale=_locale(language))
