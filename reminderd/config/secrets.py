"""Secret URLs, from where the configuration says they are kept."""

from collections.abc import Mapping
from pathlib import Path

from reminderd.config.files import GROUP_AND_OTHERS, OTHERS, read_small, reason_of
from reminderd.config.settings import AddressSettings
from reminderd.config.sources import CREDENTIALS_VARIABLE, MAX_SECRET_BYTES
from reminderd.domain.texts import Text
from reminderd.errors import ConfigError


class CredentialAbsentError(ConfigError):
    """A credential is asked for outside of the service that is given it."""


def resolve_url(
    section: AddressSettings,
    config_dir: Path,
    environ: Mapping[str, str],
    *,
    key: str = "channels.NAME",
) -> str:
    """Return the URL that *section* leads to; errors call it *key*.

    A relative ``url_file`` lies in *config_dir*.

    Raises:
        CredentialAbsentError: It is a systemd credential and there are none here.
        ConfigError: It cannot be read, others can read it too, or it is no URL.
    """
    if section.url is not None:
        return section.url.get_secret_value()
    if section.url_env is not None:
        return _from_variable(f"{key}.url_env", section.url_env, environ)
    if section.url_file is not None:
        path = config_dir / section.url_file
        return _from_file(f"{key}.url_file", path, GROUP_AND_OTHERS)
    if section.url_credential is not None:
        return _from_credential(
            f"{key}.url_credential", section.url_credential, environ
        )
    raise ConfigError(
        [Text("{key}: has no address; write url, url_file or url_env", key=key)]
    )


def exposure(path: Path) -> str | None:
    """Return what is wrong with the mode of a secret file, None if it is private.

    Also None where that cannot be seen: the file may be meant for another user.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    return _exposed(path, mode, GROUP_AND_OTHERS)


def _from_variable(key: str, variable: str, environ: Mapping[str, str]) -> str:
    if not environ.get(variable):
        raise ConfigError(
            [
                Text(
                    "{key}: the variable {variable} is not set; export it",
                    key=key,
                    variable=variable,
                )
            ]
        )
    return _url(key, environ[variable])


def _from_credential(key: str, credential: str, environ: Mapping[str, str]) -> str:
    directory = environ.get(CREDENTIALS_VARIABLE)
    if not directory:
        raise CredentialAbsentError(
            [
                Text(
                    "{key}: credentials exist only inside the service; use "
                    "url_file instead",
                    key=key,
                )
            ]
        )
    # systemd grants its user access by an access control list, whose mask shows in
    # the mode as permission of the group: only that of others tells anything.
    return _from_file(key, Path(directory, credential), OTHERS)


def _from_file(key: str, path: Path, private_from: int) -> str:
    try:
        content, status = read_small(path, MAX_SECRET_BYTES)
    except OSError as error:
        problem = Text("{place}: {problem}", place=path, problem=reason_of(error))
        raise ConfigError(
            [Text("{place}: {problem}", place=key, problem=problem)]
        ) from None
    exposed = _exposed(path, status.st_mode, private_from)
    if exposed is not None:
        raise ConfigError([Text("{place}: {problem}", place=key, problem=exposed)])
    return _url(key, content.decode(errors="replace"))


def _exposed(path: Path, mode: int, private_from: int) -> str | None:
    if mode & private_from:
        return Text("others can read {path}; run: chmod 600 {path}", path=path)
    return None


def _url(key: str, text: str) -> str:
    """Return the one URL in *text*, which is never shown."""
    url = text.strip()
    if "://" not in url or not url.isprintable() or " " in url:
        raise ConfigError(
            [
                Text(
                    '{key}: holds no Apprise URL; write one such as "bark://..."',
                    key=key,
                )
            ]
        )
    return url
