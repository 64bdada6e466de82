"""The closed vocabularies of talent beside the national code lists."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# 用工形式: full-time, as the code list of workflow has it.
FULL_TIME = "1"
# 劳动合同类型.
FIXED_TERM, OPEN_ENDED = "1", "2"


class ProofKind(models.TextChoices):
    """What a person keeps once and files many times; the key of the line of a list of materials where that is one."""

    PHOTO = "photo", _("Photo")
    IDENTITY = "id_card", _("Proof of identity")
    DIPLOMA = "diploma", _("Graduation certificate")
    DEGREE = "degree_certificate", _("Degree certificate")
    CHSI = "chsi_form", _("Registration form of the certificate from CHSI")
    FOREIGN = "foreign_certification", pgettext_lazy("paper", "Certification of a foreign degree")
    CONTRACT = "work_contract", _("Labour or employment contract")
    INSURANCE = "work_insurance", _("Proof of social insurance payments (employment)")
    SERVICE = "work_service", _("Certificate of employment or of leaving")
    OTHER = "work_other", _("Other proof of the employment")
    TITLE = "title_certificate", _("Certificate of title or qualification")
    TALENT = "talent_evidence", _("Evidence of the talent category")
    LEASE = "lease", _("Lease")
    LEASE_RECORD = "lease_record", _("Record of the lease or rent invoices")
    NO_HOME = "no_house_proof", _("Proof of owning no home")
    MARRIAGE = "marriage_certificate", _("Marriage certificate")
    BANK_CARD = "bank_card", _("Copy of the bank card")
    SOCIAL_CARD = "social_card", _("Copy of the social security card")
    LICENCE = "unit_licence", _("Business licence of the employer")
    ANY = "other", _("Other paper")


# The case type of 渤海英才卡.
BOHAI_CARD = "bohai_card"


class Arrival(models.TextChoices):
    """引进方式."""

    FULL_TIME = "full_time", _("Full-time recruitment")
    FLEXIBLE = "flexible", _("Flexible engagement")
    LOCAL = "local", _("Trained locally")


class CardLevel(models.TextChoices):
    """卡类型; A is the highest."""

    A = "A", _("Type A")
    B = "B", _("Type B")
    C = "C", _("Type C")


class Grade(models.TextChoices):
    """Who has awarded or funded something."""

    NATIONAL = "national", _("National level")
    PROVINCIAL = "provincial", _("Provincial or ministerial level")
    CITY = "city", _("City level")
    COUNTY = "county", _("County level")
    OTHER = "other", _("Other")


class ProjectKind(models.TextChoices):
    RESEARCH = "research", _("Research project")
    PATENT = "patent", _("Patent")
    STANDARD = "standard", _("Technical standard")
    OTHER = "other", _("Other result")


class Relation(models.TextChoices):
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Child")
    PARENT = "parent", _("Parent")


class TalentClass(models.TextChoices):
    """高层次人才类别 (spec 3.1)."""

    MASTER = "A", _("Master (A)")
    OUTSTANDING = "B", _("Outstanding (B)")
    LEADING = "C", _("Leading (C)")
    TOP = "D", _("Top-notch (D)")
    OTHER = "E", _("Other high-level talent (E)")
    NONE = "0", _("No high-level talent")


class PaperCondition(models.TextChoices):
    """When a material is asked for at all."""

    ALWAYS = "always", _("Always")
    TITLE = "title", _("If a title or qualification is claimed")
    EVIDENCE = "evidence", _("If the category stands on evidence")
    FOREIGN_DEGREE = "foreign_degree", _("With a foreign degree")


class CardState(models.TextChoices):
    """What a card is worth today; the words of spec 4.10."""

    VALID = "valid", _("Valid")
    LOST = "lost", _("Reported lost")
    FROZEN = "frozen", _("Frozen")
    EXPIRED = "expired", pgettext_lazy("talent card", "Expired")
    CANCELLED = "cancelled", pgettext_lazy("talent card", "Cancelled")


# A person holds one such card of a scheme at a time.
LIVING = (CardState.VALID, CardState.LOST, CardState.FROZEN)


class CardEventKind(models.TextChoices):
    """What happens to a card."""

    ISSUED = "issued", _("Issued")
    PRINTED = "printed", _("Printed")
    REPRINTED = "reprinted", _("Printed again")
    HANDED_OUT = "handed_out", _("Handed out")
    LOST = "lost", _("Reported lost")
    FOUND = "found", _("Found again")
    FROZEN = "frozen", _("Frozen")
    RELEASED = "released", _("Released")
    CANCELLED = "cancelled", pgettext_lazy("talent card", "Cancelled")
    EXPIRED = "expired", pgettext_lazy("talent card", "Expired")
    LEFT_UNIT = "left_unit", _("Employer left")
    CAME_BACK = "came_back", _("With the employer again")
    RENEWED = "renewed", _("Renewed")
    MOVED = "moved", _("Employer changed")
    REPLACED = "replaced", _("Replaced")


class KeyState(models.TextChoices):
    """What a key for the codes of cards is still good for."""

    SIGNS = "signs", _("Signs new codes")
    RETIRED = "retired", _("Verifies older codes")
    REVOKED = "revoked", _("No longer trusted")


class SummaryState(models.TextChoices):
    """Where a 汇总表 stands."""

    OPEN = "open", _("Waiting for the sealed scan")
    SEALED = "sealed", _("Uploaded")
    RETURNED = "returned", _("Returned by the county bureau")
    # Somebody on it has left it, somebody still needs one.
    OUTDATED = "outdated", _("Out of date: export it again")
    VOID = "void", _("Nobody needs it any more: not to be uploaded")


# The case types of what a card holder asks for later.
CARD_CHANGE, CARD_SERVICE = "card_change", "card_service"


class ChangeKind(models.TextChoices):
    """变更: what is to become of a card."""

    RENEW = "renew", _("Renewal")
    MOVE = "move", _("Change of employer")
    REPLACE = "replace", _("Replacement of a lost card")


class ServiceOutcome(models.TextChoices):
    """办理结果 of a service by card."""

    DONE = "done", pgettext_lazy("service by card", "Done")
    ADVISED = "advised", _("Advised how to obtain it")
    FAILED = "failed", _("Could not be done")


class Satisfaction(models.IntegerChoices):
    """好差评: five levels (国办发〔2019〕51号)."""

    VERY_GOOD = 5, _("Very satisfied")
    GOOD = 4, _("Satisfied")
    FAIR = 3, _("Fairly satisfied")
    BAD = 2, _("Dissatisfied")
    VERY_BAD = 1, _("Very dissatisfied")
