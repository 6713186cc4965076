"""Which language the locale of a terminal asks for."""

from collections.abc import Mapping

import pytest

from reminderd.languages import language_of_locale


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        pytest.param({}, "en", id="nothing set"),
        pytest.param({"LANG": "zh_CN.UTF-8"}, "zh_CN", id="a whole locale"),
        pytest.param({"LANG": "zh_CN"}, "zh_CN", id="without an encoding"),
        pytest.param({"LANG": "zh"}, "zh_CN", id="a language alone"),
        pytest.param({"LANG": "zh-Hans"}, "zh_CN", id="a language and its script"),
        pytest.param({"LANG": "zh_SG.UTF-8"}, "zh_CN", id="a territory like it"),
        pytest.param({"LANG": "zh_TW.UTF-8"}, "en", id="the other script"),
        pytest.param({"LANG": "zh-Hant"}, "en", id="the other script, named"),
        pytest.param({"LANG": "de_DE@euro"}, "en", id="a language that there is not"),
        pytest.param({"LANG": "en_GB.UTF-8"}, "en", id="English of a territory"),
        pytest.param({"LANG": "C.UTF-8"}, "en", id="no language"),
        pytest.param({"LANG": "POSIX"}, "en", id="no language, as POSIX has it"),
        pytest.param({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en", id="LC_ALL wins"),
        pytest.param(
            {"LC_MESSAGES": "zh_CN", "LANG": "en_US.UTF-8"}, "zh_CN", id="then messages"
        ),
        pytest.param(
            {"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh_CN", id="empty is not set"
        ),
        pytest.param(
            {"LANG": "en_US.UTF-8", "LANGUAGE": "de:zh_CN"},
            "zh_CN",
            id="list first",
        ),
        pytest.param(
            {"LANG": "zh_CN.UTF-8", "LANGUAGE": "de"}, "zh_CN", id="the list has none"
        ),
        pytest.param(
            {"LANG": "C", "LANGUAGE": "zh_CN"}, "en", id="no list without a locale"
        ),
        pytest.param({"LANG": "\x00;;../zh"}, "en", id="nonsense"),
    ],
)
def test_the_locale_asks_for(environ: Mapping[str, str], language: str) -> None:
    assert language_of_locale(environ) == language
