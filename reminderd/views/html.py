"""The page of a report as HTML: one file, no script, nothing fetched from anywhere."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files

from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording
from reminderd.views import burn_downs, payments
from reminderd.views.report_page import Page

# By this one knows a report that may be written over, see cli/reporting.py.
GENERATOR = "reminderd report"

_TEXTS: Mapping[str, str] = {
    "title": N_("Prepaid lines"),
    "overview": N_("Overview"),
    "attention": N_("Need attention"),
    "lines": N_("Lines"),
    "next_event": N_("Next event"),
    "no_event": N_("No deadline lies ahead."),
    "spent_year": N_("Spent in twelve months"),
    "nothing_spent": N_("no payment recorded"),
    "next_reminder": N_("next reminder"),
    "as_of": N_("as of"),
    "renew": N_("renew or top up"),
    "stage": N_("stage"),
    "to_top": N_("back to the overview"),
    "deadlines": N_("Deadlines"),
    "no_deadlines": N_("no date is known on which anything ends"),
    "left": N_("What is left"),
    "payments": N_("Renewals and spending"),
    "no_payments": N_("No payment has been recorded yet."),
    "check_bill": N_("Check the bill"),
    "reminders": N_("Reminders"),
    "no_reminders": N_("Nothing has been said yet."),
    "channels": N_("Channels"),
    "proven": N_("last proven delivery"),
    "no_channels": N_("No channel has been used yet."),
    "key": N_("How to read the charts"),
    "today": N_("today"),
    "bar": N_("time left"),
    "limit": N_("a limit: a reminder is due"),
    "due": N_("the date itself"),
    "step": N_("after it: more is lost, step by step"),
    "final": N_("lost for good"),
    "curve": N_("readings of what was left"),
    "ahead": N_("forecast"),
    "level": N_("a limit of what is left"),
    "plan_end": N_("the end of the plan"),
    "private": N_("This page is private: it tells when your lines can be lost."),
    "unseen": N_("Cannot be looked at"),
}


def page_html(page: Page, words: Wording) -> str:
    """Return *page* as an HTML document; the same page is always the same text."""
    style = _file("report.css")
    texts = {name: words.say(text) for name, text in _TEXTS.items()}
    counted = {
        "left_out": words.say_count(
            "{n} more line is not shown: it is not worse than these. Show it: "
            "reminderd report --line LINE",
            "{n} more lines are not shown: none is worse than these. Show one: "
            "reminderd report --line LINE",
            page.left_out,
        ),
        "bills": words.say_count("{n} bill to check", "{n} bills to check", page.bills),
    }
    return _rendered(
        page=page,
        t=texts,
        n=counted,
        style=style,
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        generator=GENERATOR,
        plot={"top": burn_downs.TOP, "bottom": burn_downs.TOP + burn_downs.HEIGHT},
        sums={"top": payments.TOP, "bottom": payments.TOP + payments.HEIGHT},
    )


def _rendered(**values: object) -> str:
    """Return the template with *values*, of which every text is escaped."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_file("report.html.jinja")).render(**values) + "\n"


def _file(name: str) -> str:
    """Return the text of a file beside this module."""
    return files("reminderd.views").joinpath(name).read_text("utf-8")
