from collections.abc import Iterator

import pytest

from tests import workers
from tests.sessions_app.conftest import capture_root, drawn_checks

__all__ = ["capture_root", "drawn_checks"]


@pytest.fixture
def empty_queues() -> Iterator[None]:
    workers.wipe_broker()
    yield
    workers.wipe_broker()
