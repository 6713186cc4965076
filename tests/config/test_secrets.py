from pathlib import Path

import pytest

from reminderd.config.secrets import CredentialAbsentError, exposure, resolve_url
from reminderd.config.settings import ChannelSettings
from reminderd.errors import ConfigError, ExitStatus

URL = "json://user:secret@host"


def a_channel(**keys: str) -> ChannelSettings:
    return ChannelSettings.model_validate(keys)


def a_secret(path: Path, content: str = f"{URL}\n", mode: int = 0o600) -> Path:
    path.write_text(content)
    path.chmod(mode)
    return path


def refusal(
    channel: ChannelSettings, directory: Path, environ: dict[str, str] | None = None
) -> str:
    with pytest.raises(ConfigError) as caught:
        resolve_url(channel, directory, environ or {}, key="channels.phone")
    assert caught.value.exit_status is ExitStatus.CONFIG
    (problem,) = caught.value.problems
    assert "secret" not in problem
    return problem


def test_an_inline_url_is_itself(tmp_path: Path) -> None:
    assert resolve_url(a_channel(url=URL), tmp_path, {}) == URL


def test_a_url_is_read_from_a_variable(tmp_path: Path) -> None:
    channel = a_channel(url_env="PHONE")

    assert resolve_url(channel, tmp_path, {"PHONE": f" {URL}\n"}) == URL


def test_a_url_is_read_from_a_file_beside_the_configuration(tmp_path: Path) -> None:
    a_secret(tmp_path / "phone.url")

    assert resolve_url(a_channel(url_file="phone.url"), tmp_path, {}) == URL


def test_a_url_is_read_from_a_file_anywhere(tmp_path: Path) -> None:
    path = a_secret(tmp_path / "phone.url")

    assert resolve_url(a_channel(url_file=str(path)), Path("/"), {}) == URL


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o440])
def test_a_url_is_read_from_a_credential(tmp_path: Path, mode: int) -> None:
    a_secret(tmp_path / "phone-url", mode=mode)
    channel = a_channel(url_credential="phone-url")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}

    assert resolve_url(channel, tmp_path, environ) == URL


def test_outside_of_the_service_a_credential_is_absent(tmp_path: Path) -> None:
    channel = a_channel(url_credential="phone-url")

    with pytest.raises(CredentialAbsentError, match="only inside the service"):
        resolve_url(channel, tmp_path, {})


def test_a_missing_credential_is_a_mistake(tmp_path: Path) -> None:
    channel = a_channel(url_credential="phone-url")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}

    with pytest.raises(ConfigError, match="there is no such file") as caught:
        resolve_url(channel, tmp_path, environ)

    assert not isinstance(caught.value, CredentialAbsentError)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = a_secret(tmp_path / "phone.url", mode=mode)

    assert refusal(a_channel(url_file="phone.url"), tmp_path) == (
        f"channels.phone.url_file: others can read {path}; run: chmod 600 {path}"
    )


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(a_channel(url_file="none"), tmp_path) == (
        f"channels.phone.url_file: {tmp_path / 'none'}: there is no such file"
    )


def test_a_variable_that_is_not_set_is_refused(tmp_path: Path) -> None:
    assert refusal(a_channel(url_env="PHONE"), tmp_path) == (
        "channels.phone.url_env: the variable PHONE is not set; export it"
    )


@pytest.mark.parametrize("content", ["", "no address", f"{URL}\n{URL}", "json://a b"])
def test_anything_but_one_url_is_refused(tmp_path: Path, content: str) -> None:
    a_secret(tmp_path / "phone.url", content)

    assert refusal(a_channel(url_file="phone.url"), tmp_path) == (
        'channels.phone.url_file: holds no Apprise URL; write one such as "bark://..."'
    )


def test_a_channel_without_address_is_refused(tmp_path: Path) -> None:
    assert "has no address" in refusal(a_channel(), tmp_path)


def test_a_file_that_cannot_be_seen_is_not_called_exposed(tmp_path: Path) -> None:
    assert exposure(tmp_path / "none") is None
    assert exposure(a_secret(tmp_path / "private")) is None
