"""How hard the fuzzers look: little in each run, as long as you like by hand.

``FUZZ_EXAMPLES=20000 python -m pytest tests/security -k fuzz`` looks further.
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

FUZZ = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "30")),
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# Texts that parsers stumble over, and anything else.
TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "-",
            "0",
            "-0",
            "7",
            "7m",
            "1e9",
            "inf",
            "nan",
            "9" * 5000,
            "٣d",
            "\uff11\uff12GB",
            "1,5 GB",
            "1.2.3GB",
            "0x10",
            "1_000",
            "999999999999y",
            "99999999999999999999min",
            "100.0001%",
            "1 \u00a0GB",
            "5 gbp",
            "-5 GBP",
            "22:00-08:00",
            "24:00",
            "23:60-00:00",
            "2027-01-31",
            "9999-12-31T23:59:59+14:00",
            "0001-01-01T00:00:00-14:00",
            "2027-W01-1",
            "20270131",
            "2027-01-31T24:00Z",
            "\ud800",
            "a\0b",
            "\x1b[2J",
            "\u202e",
            "a\nb",
            "../../etc/passwd",
            "{0.__class__}",
            "json://SEC",
        ]
    ),
    st.text(max_size=40),
    st.text(alphabet="0123456789.,:+-%eE TGMKBkimnodwyhs", max_size=20),
)
JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([2**63, -(2**64), 10**400]),
        st.floats(),
        TEXTS,
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)
    ),
    max_leaves=8,
)
