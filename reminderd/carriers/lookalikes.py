"""What the name of a website that is not official imitates."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reminderd.carriers.letters import skeleton
from reminderd.carriers.objections import Fault, Objection
from reminderd.carriers.suffixes import owner_of
from reminderd.carriers.web_addresses import unicode_host

# A shorter name, such as "ee", is within many words and one slip from many more.
_TELLING = 4
_LONG = 8


@dataclass(frozen=True, slots=True)
class _Name:
    """A host as it looks: whole, what somebody registered of it, the word in that."""

    whole: str
    owner: str
    word: str


def objection_to(host: str, domains: Sequence[str]) -> Objection:
    """Return why *host*, which is on none of *domains*, is not the carrier's own."""
    owner = owner_of(host)
    values = {"owner": owner, "official": ", ".join(domains)}
    if not domains:
        return Objection(Fault.NONE_KNOWN, values)
    looks = _look_of(host)
    models = {domain: _look_of(domain) for domain in domains}
    for fault, is_like in _LIKENESSES.items():
        for domain, model in models.items():
            if owner != owner_of(domain) and is_like(looks, model):
                return Objection(fault, {**values, "domain": domain})
    return Objection(Fault.FOREIGN, values)


def _look_of(host: str) -> _Name:
    whole, owner = (skeleton(unicode_host(part)) for part in (host, owner_of(host)))
    return _Name(whole, owner, owner.partition(".")[0])


def _stands_in_front(name: _Name, model: _Name) -> bool:
    return f".{model.whole}." in f".{name.whole}"


def _looks_the_same(name: _Name, model: _Name) -> bool:
    return name.owner == model.owner


def _has_another_ending(name: _Name, model: _Name) -> bool:
    return name.word == model.word


def _is_misspelt(name: _Name, model: _Name) -> bool:
    length = len(model.word)
    slips = 0 if length < _TELLING else 1 if length < _LONG else 2
    return abs(len(name.word) - length) <= slips and (
        _distance(name.word, model.word) <= slips
    )


def _has_the_name_within(name: _Name, model: _Name) -> bool:
    if len(model.word) >= _TELLING:
        return model.word in name.whole
    return model.word in re.split(r"[.-]", name.whole)


# The most deceptive first.
_LIKENESSES: dict[Fault, Callable[[_Name, _Name], bool]] = {
    Fault.IN_FRONT: _stands_in_front,
    Fault.LOOKS_SAME: _looks_the_same,
    Fault.OTHER_ENDING: _has_another_ending,
    Fault.MISSPELT: _is_misspelt,
    Fault.NAME_WITHIN: _has_the_name_within,
}


def _distance(one: str, other: str) -> int:
    """Return how many letters are missing, added, wrong or swapped with the next."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one):
        row = [i + 1]
        for j, b in enumerate(other):
            slip = min(last[j] + (a != b), last[j + 1] + 1, row[j] + 1)
            if i and j and a == other[j - 1] and one[i - 1] == b:
                slip = min(slip, before[j - 1] + 1)
            row.append(slip)
        before, last = last, row
    return last[-1]
