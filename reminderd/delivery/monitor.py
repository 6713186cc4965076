"""The monitor that expects a heartbeat, and raises the alarm when none comes.

Its convention is that of healthchecks.io: a request to the URL says that all is
well, one to the URL with ``/fail`` at its end that something is not, with the reason
as its body (https://healthchecks.io/docs/signaling_failures/).
"""

from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from reminderd.delivery.response_box import Failure, HttpReply, Reply
from reminderd.delivery.verdicts import judge

# For each step of the way: the connection, and the answer.
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """Where a heartbeat goes, a secret, and how often.

    ``takes_failures`` tells that it understands ``/fail``.
    """

    url: str = field(repr=False)
    every: timedelta
    takes_failures: bool = True

    def tell(self, trouble: str | None) -> str | None:
        """Say that all is well, or what is not; return why it was not taken, if so.

        What is returned shows nothing of the URL.
        """
        reply = self._request(trouble)
        if isinstance(reply, HttpReply) and reply.status < HTTPStatus.MULTIPLE_CHOICES:
            return None
        return judge("", [reply], accepted=False).reason

    def _request(self, trouble: str | None) -> Reply:
        import requests  # noqa: PLC0415 - slow, and only needed by those who send

        try:
            with requests.request(
                "GET" if trouble is None else "POST",
                self.url if trouble is None else _failing(self.url),
                data=trouble and trouble.encode(),
                timeout=_PATIENCE_SECONDS,
                # It would turn a POST into a GET, and lead anywhere.
                allow_redirects=False,
                # The body says nothing, and may be endless.
                stream=True,
            ) as answer:
                return HttpReply(
                    status=answer.status_code, retry_after=None, date=None, body=b""
                )
        except (requests.RequestException, ValueError) as error:
            return Failure(error)


def _failing(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/fail").geturl()
