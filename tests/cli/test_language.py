"""In which language the command line answers."""

# ruff: noqa: RUF001 - the punctuation of Chinese

import tomllib
from collections.abc import Callable
from unicodedata import east_asian_width

import pytest

from tests.cli.shell import TRAVEL, Shell

CHINESE_LOCALE = "zh_CN.UTF-8"


def width(line: str) -> int:
    """Return how many columns of a terminal *line* takes."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line)


@pytest.fixture
def at_chinese_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", CHINESE_LOCALE)


@pytest.mark.usefixtures("at_chinese_terminal")
class TestAtAChineseTerminal:
    def test_help_is_chinese(self, shell: Shell) -> None:
        answer = shell.run("touch", "--help")

        assert "用法：reminderd touch [选项]" in answer.out
        assert "示例：reminderd touch uk-travel" in answer.out
        assert "显示本帮助并退出。" in answer.out
        assert "Options" not in answer.out

    def test_help_is_english_again_where_that_is_asked_for(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chinese = shell.run("touch", "--help").out
        monkeypatch.setenv("LANG", "en_GB.UTF-8")

        english = shell.run("touch", "--help").out

        assert "─ 选项 ─" in chinese
        assert "─ Options ─" in english

    def test_a_command_that_there_is_not_is_refused_in_chinese(
        self, shell: Shell
    ) -> None:
        answer = shell.run("chekc")

        assert answer.status == 64
        assert answer.err == "reminderd: 没有命令 'chekc'。是不是想用 'check'？\n"

    def test_mistakes_of_the_file_are_told_in_chinese(self, shell: Shell) -> None:
        shell.write_raw('[lines.a]\ncarrier = "gifgaff"\ndata_remaining = 5\n')

        answer = shell("check")

        carrier, data = answer.err.splitlines()
        assert carrier.endswith(
            "carrier: 没有运营商 'gifgaff'；是不是想写 'giffgaff'？"
        )
        assert data.endswith('data_remaining: 5 没有单位；请写 "500MB"')

    def test_the_configured_language_wins(self, shell: Shell) -> None:
        shell.write_raw('language = "en"\nfoo = 1\n')

        answer = shell("check")

        assert answer.err.startswith("reminderd: config.toml:2: foo: unknown key")

    def test_a_language_further_down_the_file_is_another_key(
        self, shell: Shell
    ) -> None:
        shell.write_raw('foo = 1\n[lines.a]\nlanguage = "en"\n')

        assert "foo: 未知的键" in shell("check").err

    def test_what_is_shown_is_chinese_without_a_word_in_the_file(
        self, checked: Callable[[str], Shell]
    ) -> None:
        shell = checked(TRAVEL)

        assert "流量" in shell.ok("status").out

    def test_a_new_configuration_is_chinese_and_says_the_same(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = shell.directory / "new.toml"

        shell.run("init", str(path))
        monkeypatch.setenv("LANG", "C")
        english = shell.directory / "english.toml"
        shell.run("init", str(english))

        text = path.read_text("utf-8")
        chinese = tomllib.loads(text)
        assert chinese.pop("language") == "zh_CN"
        assert chinese | {"language": "en"} == tomllib.loads(english.read_text("utf-8"))
        assert "# 你的卡。" in text
        assert max(map(width, text.splitlines())) <= 100


def test_the_environment_wins_over_the_file(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.write_raw('language = "en"\nfoo = 1\n')
    monkeypatch.setenv("REMINDERD_LANGUAGE", "zh_CN")

    assert "foo: 未知的键" in shell("check").err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b'language = "zh_CN',
        b'language = "klingon"\n',
        b"language = 3",
    ],
)
def test_a_broken_file_leaves_the_errors_readable(shell: Shell, content: bytes) -> None:
    shell.write_raw(content)

    answer = shell("check")

    assert answer.status == 78
    assert answer.err.startswith("reminderd: ")


def test_the_configured_language_is_that_of_the_help(shell: Shell) -> None:
    shell.write_raw('# comment\n language = "zh_CN" # mine\nbroken')

    assert "用法：" in shell("check", "--help").out
