from tests.sessions_app.conftest import capture_root, drawn_checks

__all__ = ["capture_root", "drawn_checks"]
