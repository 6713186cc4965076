import pytest

from reminderd.config.positions import Loc, Positions

TEXT = '''\
# a comment
flag = true  # another
thresholds.validity = [
  "30d",   # first
  { at = "7d" },
  true,
  "1d"]
note = """
of two lines"""
[channels.phone]
url = 'a'
group = false
[lines."uk  travel"]
thresholds = { validity = ["7d"] }
[channels.mail]
url = 'b'
group = true
[[rows]]
[[rows]]
a = 1
[lines.b]
t = 2027-01-31T10:00:00Z
'''


@pytest.mark.parametrize(
    ("loc", "line"),
    [
        (("flag",), 2),
        (("thresholds",), 3),
        (("thresholds", "validity"), 3),
        (("thresholds", "validity", 0), 4),
        (("thresholds", "validity", 1), 5),
        (("thresholds", "validity", 2), 6),
        (("thresholds", "validity", 3), 7),
        (("note",), 8),
        (("channels",), 10),
        (("channels", "phone"), 10),
        (("channels", "phone", "url"), 11),
        (("channels", "phone", "group"), 12),
        (("lines", "uk  travel"), 13),
        (("lines", "uk travel", "thresholds"), 14),
        (("lines", "uk travel", "thresholds", "validity", 0), 14),
        (("channels", "mail"), 15),
        (("channels", "mail", "group"), 17),
        (("rows", 0), 18),
        (("rows", 1, "a"), 20),
        (("lines", "b", "t"), 22),
        (("lines", "b", "absent"), 21),
        (("absent",), None),
    ],
)
def test_the_line_of_every_key_is_known(loc: Loc, line: int | None) -> None:
    assert Positions(TEXT).line_of(loc) == line


def test_a_mark_in_the_text_itself_leads_nobody_astray() -> None:
    text = 'a = "\ue0009\ue001"\nb = 1\n'

    assert Positions(text).line_of(("b",)) == 2


def test_a_text_that_cannot_be_placed_has_no_lines() -> None:
    assert Positions("not = = toml").line_of(("not",)) is None
