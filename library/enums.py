"""Kinds, levels and states of rules (domain/rules §7)."""

from django.db import models


class RegulationKind(models.TextChoices):
    """The seven kinds of inner-Party regulations, and the commonest kinds of official documents."""

    CONSTITUTION = "constitution", "党章"
    NORMS = "norms", "准则"
    REGULATIONS = "regulations", "条例"
    PROVISIONS = "provisions", "规定"
    MEASURES = "measures", "办法"
    RULES = "rules", "规则"
    DETAILED_RULES = "detailed_rules", "细则"
    OPINIONS = "opinions", "意见"
    NOTICE = "notice", "通知"


class RegulationLevel(models.TextChoices):
    CENTRAL = "central", "中央"
    CENTRAL_DEPARTMENT = "central_department", "中央部委"
    SASAC = "sasac", "国资委"
    GROUP = "group", "集团"
    PROVINCE = "province", "省公司"
    OWN = "own", "本单位"


class Secrecy(models.TextChoices):
    """Classified documents have no place on this network, so there is no choice for them."""

    OPEN = "open", "公开"
    INTERNAL = "internal", "内部"


class ValidityStatus(models.TextChoices):
    PENDING = "pending", "尚未施行"
    IN_FORCE = "in_force", "现行有效"
    REVISED = "revised", "已修订"
    REPEALED = "repealed", "已废止"


ENDED = (ValidityStatus.REVISED, ValidityStatus.REPEALED)
