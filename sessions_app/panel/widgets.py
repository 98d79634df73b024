"""Form controls that are many on a page: printed at once, where Django renders a template for each box and each option."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SELECTED = SafeString(" selected")


class PlainBoxes(forms.CheckboxSelectMultiple):
    """Check boxes, printed one by one with `box.tag`."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        box = context["widget"]
        checked = SafeString(" checked") if box["selected"] else ""
        return format_html('<input type="checkbox" name="{}" value="{}" id="{}"{}>', box["name"], box["value"], box["attrs"]["id"], checked)


class PlainDay(forms.DateInput):
    """A day, chosen in the browser's calendar."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        day = context["widget"]
        value = {} if day["value"] is None else {"value": day["value"]}
        return format_html("<input{}>", flatatt({"type": "date", "name": day["name"], **value, **day["attrs"]}))


class PlainSelect(forms.Select):
    """One of many, without groups."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        choices = tuple((str(key), str(label)) for key, label in self.choices)
        options = _options(choices, "" if value is None else str(value))
        return format_html("<select{}>{}</select>", flatatt(self.build_attrs({**self.attrs, "name": name}, attrs)), options)


@lru_cache(maxsize=256)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    marked = ((key, SELECTED if key == chosen else "", label) for key, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', marked)
