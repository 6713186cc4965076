import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from reminderd.config.files import MAX_BYTES, read_config
from reminderd.errors import ConfigError, ExitStatus
from tests.config.samples import a_file, problems_of

NOBODY = 65534


@contextmanager
def without_privileges(path: Path) -> Iterator[None]:
    """Act as nobody, who may look into the directories above *path*."""
    if os.geteuid() != 0:
        yield
        return
    for parent in path.parents[:3]:
        parent.chmod(0o755)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert caught.value.exit_status is ExitStatus.CONFIG
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "is empty; write one with: reminderd init", id="empty"),
        pytest.param(
            b"\xef\xbb\xbfx = 1",
            "begins with a byte order mark; save it as UTF-8 without BOM",
            id="byte order mark",
        ),
        pytest.param(
            "x = 1".encode("utf-16"),
            "begins with a byte order mark; save it as UTF-8 without BOM",
            id="UTF-16",
        ),
        pytest.param(
            b"\x7fELF\x00\x01",
            "is a binary file; write the configuration as text (TOML)",
            id="binary",
        ),
        pytest.param(
            b"#" * (MAX_BYTES + 1),
            "is larger than 256 KiB; keep many lines in the store instead, with:"
            " reminderd add",
            id="one byte too large",
        ),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = a_file(tmp_path, content)

    assert refusal(path) == f"{path}: {reason}"


def test_a_file_of_the_greatest_size_is_read(tmp_path: Path) -> None:
    path = a_file(tmp_path, b"#" * MAX_BYTES)

    assert len(read_config(path).content) == MAX_BYTES


def test_bytes_that_are_not_utf_8_are_refused_with_their_line(tmp_path: Path) -> None:
    path = a_file(tmp_path, b"# one\n# two \xe9\n")

    assert refusal(path) == (
        "config.toml:2: is not UTF-8; save the file in this encoding"
    )


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "9" * 5000])
def test_a_file_that_wears_the_parser_out_is_refused(tmp_path: Path, text: str) -> None:
    (problem,) = problems_of(tmp_path, text)

    assert "brackets too deeply" in problem or "number that is too long" in problem


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"

    assert refusal(path) == (
        f"{path}: there is no such file; write one with: reminderd init {path}"
    )


def test_a_missing_directory_is_refused(tmp_path: Path) -> None:
    assert "there is no such file" in refusal(tmp_path / "none" / "config.toml")


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == (
        f"{tmp_path}: is a directory; give the path of a file in it"
    )


def test_a_fifo_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)

    assert "is not a regular file" in refusal(path)


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "loop"
    path.symlink_to(path)

    assert "cannot be read" in refusal(path)


def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = a_file(tmp_path, "x = 1", mode=0)

    with without_privileges(path):
        problem = refusal(path)

    assert problem == (
        f"{path}: cannot be read: permission denied; check its owner and mode"
    )


def test_a_file_is_read_when_its_writer_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_file(tmp_path, "")
    pieces = ["# line\n"] * 12

    def write_one_more(_: float) -> None:
        if pieces:
            with path.open("a") as file:
                file.write(pieces.pop())

    monkeypatch.setattr(time, "sleep", write_one_more)

    assert read_config(path).text == "# line\n" * 12


@pytest.mark.slow
def test_a_file_that_never_rests_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_file(tmp_path, "x")
    lengths = count(2)
    # Somebody writes whenever the reader pauses, however busy this machine is.
    monkeypatch.setattr(
        time, "sleep", lambda _: path.write_text("#" * (next(lengths) % 5000 + 1))
    )

    problem = refusal(path)

    assert problem == f"{path}: is being written; try again when that is done"
