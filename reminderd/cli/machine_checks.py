"""Does the machine do its part: units of systemd, the clock, the time zones."""

from collections.abc import Iterator

from reminderd.cli.facts import Facts, Finding, Runner, failed, ok, warning
from reminderd.messages.wording import Wording

# Some country changes its rules each year; they reach machines within months.
_YEARS_ZONES_LAST = 2


def time_zone(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say in which zone times are told, and whether its rules are old."""
    year = facts.zones_year
    zone = words.reader.zone.key
    if year is None or facts.now.year - year < _YEARS_ZONES_LAST:
        yield ok("time_zone", words.say("time zone: {zone}", zone=zone))
        return
    text = words.say("time zone: {zone}, by rules of {year}", zone=zone, year=year)
    yield warning("time_zone", text, words.say("update the package tzdata"))


def synchronisation(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Warn of a clock that nobody sets."""
    if facts.is_synchronised is False:
        yield warning(
            "synchronisation",
            words.say("clock: no time server sets it"),
            words.say("let one set it: {command}", command="timedatectl set-ntp true"),
        )


def units(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say whether systemd makes passes, and whether it does so twice or in vain."""
    if facts.units is None:
        return
    broken = [name for name, unit in facts.units.items() if unit.state == "failed"]
    for name in broken:
        yield failed(
            "systemd",
            words.say("systemd: {unit} has failed", unit=name),
            words.say("see why: {command}", command=f"journalctl -u {name} -n 50"),
        )
    known = {runner: facts.units.get(runner) for runner in Runner}
    enabled = [name for name, unit in known.items() if unit and unit.is_enabled]
    if len(enabled) > 1:
        command = f"systemctl disable --now {Runner.TIMER}"
        yield warning(
            "systemd",
            words.say("systemd: the service and the timer are enabled, one is enough"),
            words.say("keep the service: {command}", command=command),
        )
    elif enabled:
        yield from _enabled(enabled[0], facts, words)
    elif any(unit and unit.is_installed for unit in known.values()):
        yield _not_enabled(words)


def _enabled(name: Runner, facts: Facts, words: Wording) -> Iterator[Finding]:
    unit = (facts.units or {})[name]
    if unit.state in ("active", "activating", "reloading"):
        yield ok("systemd", words.say("systemd: {unit} is enabled and runs", unit=name))
    elif unit.state != "failed":
        yield warning(
            "systemd",
            words.say("systemd: {unit} is enabled, but does not run", unit=name),
            words.say("start it: {command}", command=f"systemctl start {name}"),
        )


def _not_enabled(words: Wording) -> Finding:
    command = f"systemctl enable --now {Runner.SERVICE}"
    return warning(
        "systemd",
        words.say("systemd: reminderd is installed, but not enabled"),
        words.say("let it run by itself: {command}", command=command),
    )
