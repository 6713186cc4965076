"""The types of settings that name something: lines, channels, carriers, cards."""

import re
from typing import Annotated

from pydantic import BeforeValidator, PlainValidator

from reminderd.carriers.official import official_domain
from reminderd.config.texts import items, text_of
from reminderd.config.wording import SettingError, echo
from reminderd.domain.lines import GENERAL
from reminderd.domain.names import clean_iccid, clean_name, clean_number
from reminderd.domain.texts import Text, said

TERMINAL = "terminal"

_CHANNEL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def _label(value: object) -> str:
    return clean_name(text_of(value, '"travel"'))


def line_name(value: object) -> str:
    """Return the name of a line as it is stored.

    Raises:
        SettingError: It is no text, or an address.
        ValueError: It is no name.
    """
    return clean_name(text_of(value, '"uk-travel"'))


def _bucket_name(value: object) -> str:
    name = clean_name(text_of(value, '"night"'))
    if name == GENERAL or "/" in name:
        raise SettingError(
            Text(
                'is no name for a bucket; write one without "/", and not "{name}"',
                name=GENERAL,
            )
        )
    return name


def _carrier_name(value: object) -> str:
    return clean_name(text_of(value, '"giffgaff"'))


def _channel_name(value: object) -> str:
    name = text_of(value, '"phone"')
    if not _CHANNEL_NAME.fullmatch(name):
        raise SettingError(
            Text(
                "is no name for a channel; write up to 64 letters, digits, "
                '"-", "_" or "."'
            )
        )
    if name == TERMINAL:
        raise SettingError(
            Text('is the built-in channel; choose another name, such as "phone"')
        )
    return name


def _domain(value: object) -> str:
    domain = text_of(value, '"giffgaff.com"').lower()
    try:
        return official_domain(domain)
    except ValueError as error:
        raise SettingError(
            Text("{domain} {problem}", domain=echo(domain), problem=said(error))
        ) from error


def _note(value: object) -> str:
    note = text_of(value, '"only online"').strip()
    if not note or not note.isprintable():
        raise SettingError(Text("is no plain text; write a sentence on one line"))
    return note


def _number(value: object) -> str:
    return clean_number(text_of(value, '"+447700900123"'))


def _iccid(value: object) -> str:
    return clean_iccid(text_of(value, '"8944110000000000000"'))


LineName = Annotated[str, PlainValidator(line_name)]
ChannelName = Annotated[str, PlainValidator(_channel_name)]
BucketName = Annotated[str, PlainValidator(_bucket_name)]
CarrierName = Annotated[str, PlainValidator(_carrier_name)]
Title = Annotated[str, PlainValidator(_label)]
Note = Annotated[str, PlainValidator(_note)]
Labels = Annotated[
    tuple[Annotated[str, PlainValidator(_label)], ...], BeforeValidator(items)
]
ChannelNames = Annotated[tuple[ChannelName, ...], BeforeValidator(items)]
Domains = Annotated[
    tuple[Annotated[str, PlainValidator(_domain)], ...], BeforeValidator(items)
]
Number = Annotated[str, PlainValidator(_number)]
Iccid = Annotated[str, PlainValidator(_iccid)]
