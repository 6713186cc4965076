"""What ``--help`` shows, in the reader's language."""

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording

_HELP_OPTIONS = frozenset({"--help", "-h"})
_EXAMPLE = "Example: "
# What Typer itself puts around the texts of ours, under its own names of each.
_FRAME = {
    "ARGUMENTS_PANEL_TITLE": N_("Arguments"),
    "OPTIONS_PANEL_TITLE": N_("Options"),
    "COMMANDS_PANEL_TITLE": N_("Commands"),
    "REQUIRED_LONG_STRING": N_("[required]"),
    "DEFAULT_STRING": N_("[default: {}]"),
}
# Rich breaks lines at blanks alone, and cuts off what is too long without one: there
# a blank follows the punctuation of Chinese.
_LONG = re.compile(r"\S{16,}")
_STOPS = re.compile("([\uff0c\u3001\uff1b\uff1a\u3002])(?=[^)\uff09]|$)")
_USAGE = N_("Usage: ")
_OPTIONS = N_("[OPTIONS]")
_COMMAND = N_("COMMAND [ARGS]...")

Command = TyperCommand | TyperGroup


def wants_help(root: Command, arguments: Sequence[str]) -> bool:
    """Tell whether *arguments* ask for help: a group of commands alone does too."""
    if not arguments or not _HELP_OPTIONS.isdisjoint(arguments):
        return True
    groups = (each for each in _commands(root) if isinstance(each, TyperGroup))
    return arguments[-1] in {group.name for group in groups}


def texts_in_help(root: Command) -> set[str]:
    """Return every text of *root* and what is below it that a catalogue translates."""
    return {
        paragraph
        for command in _commands(root)
        for text in (
            command.help,
            command.epilog,
            *(each.help for each in _options(root, command)),
        )
        for paragraph in _paragraphs(text)
        if not paragraph.startswith(_EXAMPLE)
    }


def reword(root: Command, words: Wording) -> None:
    """Put the help of *root* and of all that is below it into the reader's language."""
    # It loads all of rich, which most commands do without.
    from typer import rich_utils  # noqa: PLC0415 - as above

    for name, text in _FRAME.items():
        setattr(rich_utils, name, words.texts.gettext(text))
    for command in _commands(root):
        command.help = _reworded(command.help, words)
        command.epilog = _reworded(command.epilog, words)
        command.options_metavar = words.say(_OPTIONS)
        if isinstance(command, TyperGroup):
            command.subcommand_metavar = words.say(_COMMAND)
        for option in _options(root, command):
            option.help = _breakable(_reworded(option.help, words))
        usage = partial(_usage, command.get_usage, words)
        command.get_usage = usage  # type: ignore[method-assign]  # it has no other hook


def _commands(command: Command) -> Iterator[Command]:
    """Yield *command* and all that is below it."""
    yield command
    if isinstance(command, TyperGroup):
        for inner in command.commands.values():
            if isinstance(inner, Command):
                yield from _commands(inner)


def _options(root: Command, command: Command) -> Iterator[TyperOption | TyperArgument]:
    """Yield the options and arguments of *command*, and ``--help`` with its names."""
    names = root.context_settings["help_option_names"]
    context = typer.Context(command, help_option_names=names)
    for option in command.get_params(context):
        if isinstance(option, TyperOption | TyperArgument):
            yield option


def _reworded(text: str | None, words: Wording) -> str:
    return "\n\n".join(_translated(each, words) for each in _paragraphs(text))


def _translated(paragraph: str, words: Wording) -> str:
    if paragraph.startswith(_EXAMPLE):
        command = paragraph.removeprefix(_EXAMPLE)
        return words.say("Example: {command}", command=command)
    return words.texts.gettext(paragraph)


def _breakable(text: str) -> str:
    return _LONG.sub(lambda run: _STOPS.sub(r"\1 ", run[0]), text).strip()


def _paragraphs(text: str | None) -> Iterator[str]:
    """Yield the paragraphs of *text*, each on one line."""
    for paragraph in inspect.cleandoc(text or "").split("\n\n"):
        if paragraph.strip():
            yield " ".join(paragraph.split())


def _usage(
    usage_of: Callable[[typer.Context], str], words: Wording, context: typer.Context
) -> str:
    return words.say(_USAGE) + usage_of(context).removeprefix(_USAGE)
