"""What whoever runs the machine does from the command line."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from builders import POLICY
from sextant.clinic.models import AuditEntry, Patient, PolicyVersion, User
from sextant.clinic.services import policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy_file(tmp_path: Path) -> Path:
    file = tmp_path / "policy.toml"
    file.write_text(POLICY.replace("2026-11-02", "2025-01-02"))
    return file


def said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_the_director_puts_a_policy_in_force(director: User, policy_file: Path):
    said("set_policy", str(policy_file), "--by", "director")

    assert policy.current_limits(timezone.now())["days_sober"].value == 14
    assert PolicyVersion.objects.get().by == director


def test_before_the_director_sets_a_limit_there_is_none(db: None):
    assert policy.current_limits(timezone.now())["days_sober"].value is None


def test_nobody_else_sets_the_limits(nurse: User, policy_file: Path):
    with pytest.raises(CommandError, match="may not set the clinic's limits"):
        said("set_policy", str(policy_file), "--by", "nurse")

    assert not PolicyVersion.objects.exists()


def test_a_policy_that_cannot_be_taken_names_the_line_and_changes_nothing(director: User, policy_file: Path):
    policy_file.write_text(policy_file.read_text().replace("days_sober", "days_of_luck"))

    with pytest.raises(CommandError, match=r"Line 3: no limit is called 'days_of_luck'"):
        said("set_policy", str(policy_file), "--by", "director")

    assert not PolicyVersion.objects.exists()


def test_a_past_moment_is_read_under_the_limits_of_its_day(director: User, policy_file: Path):
    said("set_policy", str(policy_file), "--by", "director")

    assert policy.limits_at(timezone.now() - timezone.timedelta(days=1))["days_sober"].value is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["missing.toml", "--by", "director"], "cannot be read"), (["{file}", "--by", "nobody"], "Nobody signs in as")],
)
def test_a_file_or_person_that_is_not_there_is_named(
    director: User, policy_file: Path, arguments: list[str], says: str
):
    with pytest.raises(CommandError, match=says):
        said("set_policy", *(argument.format(file=policy_file) for argument in arguments))


def test_an_account_is_made_with_a_password_that_is_shown_once(db: None):
    printed = said("add_user", "ada", "--role", "nurse", "--display-name", "Ada N.")

    user = User.objects.get()
    assert (user.username, user.role, str(user)) == ("ada", "nurse", "Ada N.")
    assert user.check_password(printed.split()[-1])
    assert AuditEntry.objects.get().action == "user.added"


def test_an_account_is_made_with_the_password_that_was_typed(db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", StringIO("a long made-up password\n"))

    printed = said("add_user", "ada", "--role", "nurse", "--password-stdin")

    assert User.objects.get().check_password("a long made-up password")
    assert "made-up" not in printed


@pytest.mark.parametrize(("name", "typed"), [("ada", "short"), ("nurse", "a long made-up password")])
def test_a_weak_password_or_a_taken_name_makes_no_account(
    nurse: User, name: str, typed: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.stdin", StringIO(typed + "\n"))

    with pytest.raises(CommandError):
        said("add_user", name, "--role", "nurse", "--password-stdin")

    assert User.objects.count() == 1


def test_the_audit_chain_is_checked_from_the_command_line(patient: Patient):
    printed = said("verify_audit")

    head = AuditEntry.objects.last()
    assert f"holds: {AuditEntry.objects.count()} entries" in printed
    assert f"entry {head.seq} with the hash {head.hash}" in printed


def test_a_broken_chain_fails_the_check(patient: Patient):
    AuditEntry.objects.create(seq=99, at=timezone.now(), action="page.read", prev_hash="0" * 64, hash="0" * 64)

    with pytest.raises(CommandError, match="entry 99"):
        said("verify_audit")


def test_the_migrations_are_those_of_the_models(db: None):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_clinic_passes_its_own_system_check(db: None):
    call_command("check", fail_level="WARNING")


def test_next_steps_of_a_new_day_are_read_once(ready_patient: Patient):
    before = ready_patient.recommendations.count()

    assert said("read_next_steps") == "1 next step read again.\n"
    assert said("read_next_steps") == "0 next steps read again.\n"
    assert ready_patient.recommendations.count() == before + 1
