"""A column whose text may be damaged without keeping the rows beside it unread."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, Dialect, TypeDecorator


class TolerantJson(TypeDecorator[Any]):
    """JSON; what is none is read as None, for whoever looks into it to refuse.

    SQLite keeps any text in a column, and a result with one value that cannot be read
    gives none of its rows.
    """

    impl = JSON
    cache_ok = True

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], Any] | None:
        """Return the function that reads a value of the database."""
        read = super().result_processor(dialect, coltype)
        if read is None:
            return None

        def process(value: Any) -> Any:  # noqa: ANN401 - any value of a column
            try:
                return read(value)
            except (ValueError, TypeError, RecursionError):
                return None

        return process
