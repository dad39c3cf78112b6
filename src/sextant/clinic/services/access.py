"""Who may see and who may enter what, by role."""

from sextant.clinic.models import Role, User
from sextant.clinic.services.refusal import NotAllowed
from sextant.record import QUESTIONS

_CARE = frozenset({Role.PRESCRIBER, Role.NURSE, Role.COUNSELLOR})
_BEDSIDE = frozenset({Role.PRESCRIBER, Role.NURSE})
_PRESCRIBER = frozenset({Role.PRESCRIBER})

READERS = _CARE | {Role.DIRECTOR}
"""Roles that may open a chart. An administrator keeps accounts and the audit trail, not charts."""

AUDITORS = frozenset({Role.ADMINISTRATOR, Role.DIRECTOR})
"""Roles that may read who looked at or changed what."""

MAY_ENTER: dict[str, frozenset[Role]] = {
    "Allergy": _BEDSIDE,
    "Answer": _CARE,
    "Attendance": _CARE,
    "BenzodiazepineDose": _BEDSIDE,
    "BloodPressure": _BEDSIDE,
    "Condition": _PRESCRIBER,
    "Consent": _BEDSIDE,
    "Decision": _PRESCRIBER,
    "Infusion": _BEDSIDE,
    "Measurement": _BEDSIDE,
    "Medication": _BEDSIDE,
    "NewSeries": _PRESCRIBER,
    "OwnView": _PRESCRIBER,
    "Override": frozenset({Role.PRESCRIBER, Role.DIRECTOR}),
    "PregnancyTest": _BEDSIDE,
    "Score": _CARE,
    "Support": _CARE,
    "Target": _PRESCRIBER,
    "UseJudged": _PRESCRIBER,
    "UseReport": _CARE,
    "Weight": _BEDSIDE,
}
"""Roles that may enter, correct or take back each kind of fact."""

MAY_ADMIT = _CARE
MAY_IMPORT = _BEDSIDE
MAY_SET_POLICY = frozenset({Role.DIRECTOR})
MAY_ADOPT_POPULATION = frozenset({Role.DIRECTOR})
MAY_TAKE_COHORT = frozenset({Role.DIRECTOR})


def may_read(actor: User) -> bool:
    """Whether this person may open charts."""
    return _has(actor, READERS)


def may_enter(actor: User, kind: str) -> bool:
    """Whether this person may enter facts of that kind."""
    return _has(actor, MAY_ENTER[kind])


def may_answer(actor: User, question: str) -> bool:
    """Whether this person may answer a screening question: some ask for the prescriber's own judgement."""
    return _has(actor, _may_answer(question))


def require(actor: User, roles: frozenset[Role], what: str) -> None:
    """Refuse unless the person has one of the roles; `what` completes 'may not ...'.

    Raises
    ------
    NotAllowed
    """
    if not _has(actor, roles):
        who = actor.get_role_display().lower() if actor.role else "person without a role"
        allowed = ", ".join(Role(role).label.lower() for role in Role.values if role in roles)
        article = "An" if who[0] in "aeiou" else "A"
        raise NotAllowed(f"{article} {who} may not {what}. Ask one of these: {allowed}.", code="ACCESS-001")


def require_reader(actor: User) -> None:
    """Refuse unless the person may open charts."""
    require(actor, READERS, "open charts")


def require_entry(actor: User, kind: str) -> None:
    """Refuse unless the person may enter facts of that kind."""
    require(actor, MAY_ENTER[kind], f"enter this ({kind})")


def require_answer(actor: User, question: str) -> None:
    """Refuse unless the person may answer that screening question."""
    require(actor, _may_answer(question), "give this answer, which is a prescriber's own judgement")


def _may_answer(question: str) -> frozenset[Role]:
    asked = QUESTIONS.get(question)
    return _PRESCRIBER if asked is not None and asked.judged else MAY_ENTER["Answer"]


def _has(actor: User, roles: frozenset[Role]) -> bool:
    return actor.is_active and actor.role in roles
