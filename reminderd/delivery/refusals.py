"""Services that refuse a message with HTTP 200 and an error code in the body.

Apprise calls all of these a success. A code that is not listed may mean anything; it
is taken for trouble that may pass, which loses nothing: the message is tried again,
and the fallback takes over. The lists hold the codes that are known to be the fault
of the channel's address and settings, or of the message.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reminderd.domain.deliveries import Outcome

GIVEN = 1
_LACKING = 0
_MOST_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where a service puts its code, which one is good, and what some others mean.

    ``field`` is a path of names, a star for each entry of a list. Where the field is
    an identifier, that stands for ``GIVEN``, and an empty one for its lack.
    """

    field: str
    good: int
    page: str
    channel: frozenset[int] = frozenset()
    message: frozenset[int] = frozenset()
    is_identifier: bool = False

    def outcome_of(self, code: int | None) -> Outcome:
        """Return the verdict that *code* stands for."""
        if code == self.good:
            return Outcome.SENT
        if code in self.channel:
            return Outcome.CHANNEL_PERMANENT
        if code in self.message:
            return Outcome.MESSAGE_PERMANENT
        return Outcome.TRANSIENT


_FEISHU = Rule(
    field="code",
    good=0,
    page="https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot",
    # address unknown, signature, sender's address, missing keyword
    channel=frozenset({19001, 19021, 19022, 19024}),
    message=frozenset({9499, 19002}),
)
_BARK = Rule(
    field="code",
    good=200,
    page="https://github.com/Finb/bark-server/blob/master/docs/API_V2.md",
)
_VONAGE = Rule(
    field="messages.*.status",
    good=0,
    page="https://developer.vonage.com/messaging/sms/guides/troubleshooting-sms",
    # credentials; a number that cannot be reached; account barred; no credit left
    channel=frozenset({4, 6, 7, 8, 9}),
)
_PUSHDEER = Rule(
    field="code",
    good=0,
    page="https://github.com/easychen/pushdeer",
)

RULES: Mapping[str, Rule] = {
    "wecombot": Rule(
        field="errcode",
        good=0,
        page="https://developer.work.weixin.qq.com/document/path/90313",
        # address unknown
        channel=frozenset({93000}),
        # a wrong parameter; content empty; content too long
        message=frozenset({40058, 44004, 45002}),
    ),
    "dingtalk": Rule(
        field="errcode",
        good=0,
        page="https://open.dingtalk.com/document/orgapp/custom-robot-access",
        # token unknown; keyword, signature or sender's address
        channel=frozenset({300001, 300005, 310000}),
    ),
    "feishu": _FEISHU,
    "lark": _FEISHU,
    "schan": Rule(field="code", good=0, page="https://sct.ftqq.com/sendkey"),
    "pushdeer": _PUSHDEER,
    "pushdeers": _PUSHDEER,
    "bark": _BARK,
    "barks": _BARK,
    "vonage": _VONAGE,
    "nexmo": _VONAGE,
    # Without an id nothing was sent: nobody has subscribed, for example.
    "onesignal": Rule(
        field="id",
        good=GIVEN,
        page="https://docs.rs/onesignal-rust-api/5.13.0/onesignal_rust_api/helpers/"
        "type.MessageNotSent.html",
        channel=frozenset({_LACKING}),
        is_identifier=True,
    ),
    "spugpush": Rule(field="code", good=200, page="https://push.spug.cc/guide"),
}


def body_code(service: str, body: bytes) -> int | None:
    """Return the code in the *body* of an answer of *service*, if there is one.

    Of several codes it is one that is not good.
    """
    rule = RULES.get(service)
    if rule is None:
        return None
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    values = _values_at(answer, rule.field.split("."))
    if rule.is_identifier:
        codes = [GIVEN if value else _LACKING for value in values]
    else:
        codes = [code for value in values if (code := _as_code(value)) is not None]
    bad = [code for code in codes if code != rule.good]
    return next(iter(bad or codes), None)


def _values_at(value: object, path: Sequence[str]) -> list[object]:
    """Return what stands at *path* in *value*: nothing, one thing, or many."""
    if not path:
        return [value]
    if path[0] == "*" and isinstance(value, list):
        return [found for each in value for found in _values_at(each, path[1:])]
    if isinstance(value, dict) and path[0] in value:
        return _values_at(value[path[0]], path[1:])
    return []


def _as_code(value: object) -> int | None:
    """Return a number, also one in quotes; anything else could be a secret."""
    text = str(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    is_number = text.removeprefix("-").isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None
