"""How hard the property tests of the domain look."""

import os

from hypothesis import settings

# In CI a failure must be the fault of the change at hand: the same examples each time.
settings.register_profile(
    "domain", max_examples=40, deadline=None, derandomize=os.environ.get("CI") == "true"
)
settings.load_profile("domain")
