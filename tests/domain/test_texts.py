"""Sentences that remember how they were put together."""

import pytest

from reminderd.domain.texts import Text, said, said_by_system


def test_a_text_is_its_sentence_and_remembers_the_template() -> None:
    text = Text("there is no line {name}", name="x")

    assert text == "there is no line x"
    assert (text.template, text.values) == ("there is no line {name}", {"name": "x"})


def test_an_error_says_the_text_that_it_was_raised_with() -> None:
    text = Text("there is no line {name}", name="x")

    assert said(ValueError(text)) is text


@pytest.mark.parametrize(
    ("error", "sentence"), [(ValueError(), ""), (OSError(2, "gone"), "[Errno 2] gone")]
)
def test_an_error_without_a_text_says_what_it_prints(
    error: Exception, sentence: str
) -> None:
    assert said(error) == sentence


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(2, "no {such} file"), "no {such} file"),
        (PermissionError("closed"), "PermissionError"),
    ],
)
def test_the_system_says_why(error: OSError, sentence: str) -> None:
    assert said_by_system(error) == sentence
