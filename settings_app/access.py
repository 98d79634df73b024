"""Who may enter the panel: every panel view starts from `request.company` (R80, R81)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from settings_app.choices import Role
from settings_app.models import Company, User


class PanelRequest(HttpRequest):
    """A request of a master user or agent; `company` is the only company that exists for it."""

    user: User
    company: Company


View = Callable[..., HttpResponseBase]


def panel_view(role: Role) -> Callable[[View], View]:
    """Let in members of a company: agents and masters for AGENT, masters only for MASTER.

    Anonymous users are sent to the login, operators (no company) get a 404, agents on a master's page a 403.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: PanelRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.user.company is None:
                raise Http404
            if role == Role.MASTER and not request.user.is_master:
                raise PermissionDenied
            request.company = request.user.company
            response = view(request, *args, **kwargs)
            if isinstance(response, HttpResponse) and not response.has_header("Cache-Control"):
                response["Cache-Control"] = "private, no-store"
            return response

        return guarded

    return decorate
