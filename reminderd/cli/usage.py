"""What was typed wrongly, as Typer sees it, in words of ours."""

import typer

from reminderd.messages.catalogs import N_
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording

_FIRST_OPTIONS = frozenset({"--config", "-c", "--debug", "--version"})
# What Typer says in English; it is recognised by its words where it is told.
_TYPERS_OWN = (
    N_("Argument {name} takes {n} values."),
    N_("Value error, {value} is not one of {known}."),
    N_("Input should be greater than or equal to {least}"),
    N_("Input should be less than or equal to {most}"),
    N_("Input should be a valid number, unable to parse string as a number"),
    N_("Input should be a valid integer, unable to parse string as an integer"),
    N_("Got unexpected extra argument(s) ({arguments})"),
    N_("Invalid value for {name}: {problem}"),
    N_("Missing argument {name}."),
    N_("Missing command."),
    N_("Missing option {name}."),
    N_("No such command {name}."),
    N_("No such command {name}. Did you mean {other}?"),
    N_("No such option: {name}"),
    N_("No such option: {name} (Possible options: {others})"),
    N_("Option {name} does not take a value."),
    N_("Option {name} requires an argument."),
    N_("Value {value} is not a valid {kind}."),
)


def usage_text(error: typer.TyperException, words: Wording) -> str:
    """Return what is wrong, and what to write instead of an option that is unknown."""
    problem = recall(error.format_message(), words)
    if not hasattr(error, "possibilities"):
        return problem
    option: str = getattr(error, "option_name", "")
    text = N_("{problem}; write -- before a name that begins with a dash")
    if option in _FIRST_OPTIONS:
        text = N_("{problem}; write {option} before the command")
    elif option.startswith("--"):
        text = N_("{problem}; see --help")
    return words.say(text, problem=problem, option=option)
