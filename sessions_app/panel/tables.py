"""The nine columns of the sessions list (R60, R63)."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _


class SessionTable(tables.Table):
    """Columns and their heads alone: sessions are read by `orders`, and printed by `panel/sessions/_row.html` at a tenth of the cost."""

    selfie = tables.Column(_("Selfie"), orderable=False)
    first_name = tables.Column(_("First Name"))
    last_name = tables.Column(_("Last Name"))
    created_at = tables.Column(_("Date"))
    document = tables.Column(_("Document"), orderable=False)
    liveness = tables.Column(_("Liveness"), orderable=False)
    verified = tables.Column(_("Verified"), orderable=False)
    extra = tables.Column(_("Extra"), orderable=False)
    more = tables.Column(_("More"), orderable=False)
