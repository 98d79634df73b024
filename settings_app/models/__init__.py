from settings_app.models.audit_event import AuditEvent
from settings_app.models.company import Company
from settings_app.models.extra_field import ExtraField
from settings_app.models.invitation import Invitation
from settings_app.models.logo import Logo
from settings_app.models.threshold_set import ThresholdChange, ThresholdSet
from settings_app.models.user import User

__all__ = ["AuditEvent", "Company", "ExtraField", "Invitation", "Logo", "ThresholdChange", "ThresholdSet", "User"]
