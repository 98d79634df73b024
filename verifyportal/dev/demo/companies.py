"""The two companies of the demo data with their people, extra fields and thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from settings_app import keys, thresholds
from settings_app.choices import ExtraFieldType, Role
from settings_app.models import Company, ExtraField, User


@dataclass(frozen=True, slots=True)
class Plan:
    """One company as it is set up."""

    name: str
    mail_domain: str
    time_zone: str
    markets: tuple[str, ...]  # where its customers live; a market named twice is twice as frequent
    agents: tuple[tuple[str, str], ...]  # (before the @, full name)
    extra_fields: tuple[dict[str, Any], ...]
    stricter: tuple[tuple[str, dict[str, float | None]], ...]  # (market or empty, thresholds)
    brand_colour: str = ""


BANK = Plan(
    name="Demo Bank",
    mail_domain="demobank.example",
    time_zone="Asia/Tbilisi",
    markets=("GEO", "GEO", "GEO", "ESP", "DEU", "TUR"),
    agents=(("agent", "Nino Kapanadze"), ("agent2", "Diego Morales")),
    extra_fields=(
        {"key": "phone", "label": "Phone", "type": ExtraFieldType.PHONE, "required": True},
        {"key": "email", "label": "E-mail", "type": ExtraFieldType.EMAIL},
    ),
    stricter=(("TUR", {"liveness_decline": 0.45, "liveness_approve": 0.75}),),
)
EXCHANGE = Plan(
    name="Harbour Exchange",
    mail_domain="harbour.example",
    time_zone="America/New_York",
    markets=("USA", "USA", "MEX", "ESP"),
    agents=(("agent", "Amara Okafor"),),
    extra_fields=(
        {"key": "known-as", "label": "Name as you write it", "type": ExtraFieldType.TEXT},
        {"key": "account", "label": "Account", "type": ExtraFieldType.CHOICE, "required": True, "options": ["Personal", "Business"]},
    ),
    brand_colour="#e8590c",
    stricter=(("", {"face_review_level": 3, "face_match_level": 5}),),
)
PLANS = (BANK, EXCHANGE)
OPERATOR = "operator@verifyportal.example"


def found_company(plan: Plan, *, password: str, now: datetime) -> Company:
    """Create a company with its people, its extra fields and the thresholds that it has made stricter."""
    company = Company(
        name=plan.name,
        time_zone=plan.time_zone,
        support_email=f"support@{plan.mail_domain}",
        brand_colour=plan.brand_colour,
        allowed_return_origins=[f"https://{plan.mail_domain}"],
        created_at=now,
    )
    keys.give_key(company)
    company.save(force_insert=True)
    for position, values in enumerate(plan.extra_fields):
        ExtraField.objects.create(company=company, position=position, **values)
    master = User.objects.create_user(
        f"master@{plan.mail_domain}", password, company=company, role=Role.MASTER, full_name=f"{plan.name} Master"
    )
    for name, full_name in plan.agents:
        User.objects.create_user(f"{name}@{plan.mail_domain}", password, company=company, role=Role.AGENT, full_name=full_name)
    for market, values in plan.stricter:
        thresholds.change(company=company, market=market, values=values, reason="", actor=master, now=now)
    return company
