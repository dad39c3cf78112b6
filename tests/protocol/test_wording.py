"""The words of the gates as they were read and approved: no change of what is said at the bedside goes unseen."""

from approved_wording import APPROVED, told


def test_every_gate_says_in_every_vignette_what_was_approved():
    said = told().splitlines()

    approved = APPROVED.read_text(encoding="utf-8").splitlines()

    differs = [(was, now) for was, now in zip(approved, said, strict=False) if was != now]
    assert differs[:3] == [], "Read it, then: .venv/bin/python tests/approved_wording.py"
    assert len(said) == len(approved)
