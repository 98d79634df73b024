"""Filters, order and page size that a user keeps under a name; nobody else sees them."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from sessions_app.models import SavedView
from settings_app.models import User

MOST = 20
"""A menu that is longer is no help."""


class TooManyViews(Exception):
    """The user keeps as many views as there may be."""


class NameTaken(Exception):
    """Another view of the user has that name."""


@transaction.atomic
def save(*, user: User, name: str, query: str, now: datetime) -> bool:
    """Keep a query under a name. True: it took the place of what had that name. Raises TooManyViews."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two windows cannot pass the limit together
    views = SavedView.objects.filter(user=user)
    if views.filter(name=name).update(query=query):
        return True
    if views.count() >= MOST:
        raise TooManyViews
    SavedView.objects.create(user=user, name=name, query=query, created_at=now)
    return False


def rename(*, view: SavedView, name: str) -> None:
    """Give a view another name. Raises NameTaken."""
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=name)
    except IntegrityError as taken:
        raise NameTaken from taken
