"""The closed vocabularies of accounts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UserKind(models.TextChoices):
    """Stored value = the entry by which the account signs in."""

    PERSON = "person", _("Individual")
    UNIT = "unit", _("Unit")
    OFFICER = "officer", _("Officer")


class IdentifierKind(models.TextChoices):
    ID_NUMBER = "id_number", _("Document number")
    PHONE = "phone", _("Mobile number")
    # Of the account that registered the employer; papers looked at by an office weigh more than it.
    CREDIT_CODE = "uscc", _("Unified social credit code")


class Affiliation(models.TextChoices):
    """Whose employer it is: 是否市属/中央省属."""

    LOCAL = "local", _("County or district")
    CITY = "city", _("City")
    PROVINCE = "province", _("Province")
    CENTRAL = "central", _("Central")


class UnitForm(models.TextChoices):
    """How an employer registers; ``accounts.unit_variants`` says what each asks for, and when."""

    FULL = "full", _("All at once")
    SHORT = "short", _("Short form, materials afterwards")


class TermsKind(models.TextChoices):
    UNIT = "unit_registration", _("Notice for employers who register")
    PERSON = "person_registration", _("Notice for individuals who register")
    AGREEMENT = "user_agreement", _("User agreement")
    SENSITIVE = "sensitive_data", _("Consent to the use of sensitive personal data")
    COUNTER = "counter_agreement", _("Agreement signed at a counter")


class LegalPersonKind(models.TextChoices):
    """法人类型 of spec 2.1."""

    ENTERPRISE = "enterprise", _("Enterprise")
    SELF_EMPLOYED = "individual", _("Self-employed business")
    INSTITUTION = "institution", _("Public institution")
    SOCIAL = "social", _("Social organisation")
    GOVERNMENT = "government", _("Government body")
    OTHER = "other", _("Other legal person")


class RealNameLevel(models.IntegerChoices):
    """实名等级, spec 2.2."""

    NONE = 0, _("Not verified")
    BASIC = 1, _("Basic real name")
    MIDDLE = 2, _("Middle real name")
    HIGH = 3, _("High real name")


class VerificationOutcome(models.TextChoices):
    PASSED = "passed", _("Agrees")
    FAILED = "failed", _("Does not agree")
    UNAVAILABLE = "unavailable", _("Could not be checked")
    # A name or number was changed.
    DROPPED = "dropped", _("Level dropped")


class Channel(models.TextChoices):
    STATION = "station", _("Station message")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("By e-mail")


class SignInWay(models.TextChoices):
    """How somebody came to the door."""

    PASSWORD = "password", _("Password")
    CODE = "code", _("Code by text message")
    IDENTITY_SERVICE = "identity_service", _("Identity service of the government")
    DEMO = "demo", _("One click of the demo")


class SignInOutcome(models.TextChoices):
    ENTERED = "entered", _("Signed in")
    WRONG = "wrong", _("Wrong name, password or code")
    WRONG_ENTRY = "wrong_entry", _("Wrong entry")
    WRONG_SECOND = "wrong_second", _("Wrong second factor")
    LOCKED = "locked", _("Locked after too many failures")
    INACTIVE = "inactive", _("Account closed")


class CodePurpose(models.TextChoices):
    """What a code by text message proves a phone for; a code is good for nothing else."""

    REGISTER = "register", _("Registration")
    SIGN_IN = "sign_in", _("Sign-in")
    RESET = "reset", _("New password")
    OLD_PHONE = "change_phone_old", _("Change of the mobile number")
    NEW_PHONE = "change_phone_new", _("New mobile number")
    COUNTER = "counter", _("Account at a counter")
    OWNER = "owner", _("Change of the security settings")


class LinkPurpose(models.TextChoices):
    """What a one-time link lets its owner do."""

    INVITATION = "invitation", _("First password of a new account")
    PASSWORD = "password", _("New password")


class SendState(models.TextChoices):
    """``sent``: the provider has taken it; ``delivered``: it says that the phone has it."""

    QUEUED = "queued", _("Not sent yet")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Could not be sent")


class CounterSubject(models.TextChoices):
    """对象类型 of spec 6.2: whose account it is."""

    ENTERPRISE = "enterprise", pgettext_lazy("counter", "Enterprise")
    NON_PROFIT = "non_profit", _("Private non-enterprise unit")
    GOVERNMENT = "government", _("Government body")
    INSTITUTION = "institution", pgettext_lazy("counter", "Public institution")
    PERSON = "person", _("Individual")


class ResetState(models.TextChoices):
    """``waiting``: for the second officer."""

    WAITING = "waiting", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Not accepted")
    CANCELLED = "cancelled", _("Taken back by the counter")
    EXPIRED = "expired", _("Expired")


class CounterDeed(models.TextChoices):
    OPENED = "opened", _("Account opened")
    CHANGED = "changed", _("Grants or validity changed")
    LOOKED = "looked", _("Account looked up")
    ASKED = "asked", _("Reset accepted")
    CONFIRMED = "confirmed", _("Reset confirmed")
    DECLINED = "declined", _("Reset not accepted")
    CANCELLED = "cancelled", _("Reset cancelled")
    EXPIRED = "expired", _("Reset expired")
    PRINTED = "printed", _("Account notice printed")
    REFUSED = "refused", _("Second printing refused")
    SCAN_SEEN = "scan_seen", _("Signed paper looked at")


class AccountDeed(models.TextChoices):
    """What others did to an account."""

    OPENED = "opened", _("Account opened")
    CHANGED = "changed", _("Details changed")
    LINK = "link", _("Link to a new password sent")
    STOPPED = "stopped", _("Account stopped")
    STARTED = "started", _("Account started again")
    CLOSED = "closed", _("Account closed")
    REOPENED = "reopened", _("Closure cancelled")
    JOINED = "joined", _("Joined an employer")
    LOOKED = "looked", _("Number looked at in full")
