"""Services that refuse a message with HTTP 200 and an error code in the body.

Apprise calls all of these a success. A code that is not listed may mean anything; it
is taken for trouble that may pass, which loses nothing: the message is tried again,
and the fallback takes over. The lists hold the codes that are known to be the fault
of the channel's address and settings, or of the message.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from reminderd.domain.deliveries import Outcome

_MOST_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where a service puts its code, which one is good, and what some others mean."""

    field: str
    good: int
    page: str
    channel: frozenset[int] = frozenset()
    message: frozenset[int] = frozenset()

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
    "spugpush": Rule(field="code", good=200, page="https://push.spug.cc/guide"),
}


def body_code(service: str, body: bytes) -> int | None:
    """Return the code in the *body* of an answer of *service*, if there is one."""
    rule = RULES.get(service)
    if rule is None:
        return None
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = answer.get(rule.field) if isinstance(answer, dict) else None
    return _as_code(code)


def _as_code(value: object) -> int | None:
    """Return a number, also one in quotes; anything else could be a secret."""
    text = str(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    is_number = text.removeprefix("-").isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None
