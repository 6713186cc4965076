"""What is installed is what was looked at: each file in the lock has its hash."""

import tomllib
from pathlib import Path

LOCK = Path(__file__).parents[2] / "uv.lock"


def test_every_file_of_every_package_in_the_lock_has_its_hash() -> None:
    packages = tomllib.loads(LOCK.read_text())["package"]
    others = [known for known in packages if known["name"] != "reminderd"]

    files = [
        file
        for known in others
        for file in (*known.get("wheels", ()), known.get("sdist"))
        if file is not None
    ]

    assert len(files) > len(others) > 0
    assert all(file["hash"].startswith("sha256:") for file in files)
    assert all(known["source"].keys() == {"registry"} for known in others)
