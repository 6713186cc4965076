import pytest

from reminderd.delivery.channel_urls import check_url

SECRET = "s3cr3t-t0ken"


@pytest.mark.parametrize(
    "url", ["json://127.0.0.1:8080/", "mailto://user:pw@example.org", "bark://h/key"]
)
def test_good_url_has_no_problems(url: str) -> None:
    assert check_url("phone", url) == []


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        (
            f"tgram:/{SECRET}/x",
            'the URL has no service; write for example "mailto://..." or "json://"',
        ),
        (
            SECRET,
            'the URL has no service; write for example "mailto://..." or "json://"',
        ),
        (
            f"dingtlak://{SECRET}",
            'Apprise knows no service "dingtlak://"; did you mean "dingtalk://"?',
        ),
        (
            f"qqqqqqqq://{SECRET}",
            (
                'Apprise knows no service "qqqqqqqq://"; they are listed at '
                "https://appriseit.com/services/"
            ),
        ),
        (
            f"tgram://{SECRET}!",
            "Apprise refuses the tgram:// URL; a part is missing or wrong",
        ),
        (f"json://h/{SECRET}?cto=nan", "cto is seconds, more than 0 and at most 60"),
        (f"json://h/{SECRET}?rto=-1", "rto is seconds, more than 0 and at most 60"),
        (f"json://h:99999/{SECRET}", "the port is not between 1 and 65535"),
        (
            f"json://h/{SECRET}?rto=soon",
            "Apprise does not understand a part of the URL",
        ),
        (
            f"jsons://h/{SECRET}?verify=no",
            (
                'with "verify=no" anybody on the way can read and answer what is sent; '
                "take it out of the URL, or write: insecure = true"
            ),
        ),
    ],
)
def test_problem_is_told_without_the_url(url: str, problem: str) -> None:
    assert check_url("phone", url) == [f"channels.phone: {problem}"]


def test_certificates_go_unchecked_only_where_that_is_written_out() -> None:
    assert check_url("phone", f"jsons://h/{SECRET}?verify=no", insecure=True) == []
