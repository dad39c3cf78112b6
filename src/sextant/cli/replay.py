"""`sextant replay`: a stored next step again, under the limits and model of its day."""

import argparse
import json

from sextant.cli.clinic import start_django
from sextant.cli.refused import Refused

_NOT_THE_SAME = 4
_SHOWN = 10


def replay(options: argparse.Namespace) -> int:
    """0 when the answer is the same again, 4 when it is not."""
    start_django()
    from django.db import DatabaseError

    from sextant.clinic.services import refusal
    from sextant.clinic.services.replay import find_stored
    from sextant.clinic.services.replay import replay as replay_stored

    try:
        replayed = replay_stored(find_stored(options.decision))
    except refusal.Refused as refused:
        raise Refused(str(refused)) from None
    except DatabaseError as error:
        raise Refused(f"The clinic's database cannot be read: {error}. Check SEXTANT_DATA_DIR.") from None
    stored = replayed.recommendation
    if options.json:
        told = {
            "schema": "replay/1",
            "next_step": str(stored.pk),
            "made_at": stored.made_at.isoformat(),
            "same": replayed.same,
            "other_version": replayed.other_version,
            "differs": [{"place": place, "then": then, "now": now} for place, then, now in replayed.differs],
            "answer": replayed.answer,
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0 if replayed.same else _NOT_THE_SAME
    print(f"Next step {stored.number} of {stored.as_of}: {stored.step['advice']}")
    print(f"Again today, from the same facts and limits: {replayed.answer['step']['advice']}")
    if replayed.same:
        print(f"The same in every part ({len(stored.inputs['facts'])} facts, {len(stored.answer['gates'])} gates).")
        return 0
    print(f"It differs in {len(replayed.differs)} places. {replayed.other_version}".strip())
    for place, then, now in replayed.differs[:_SHOWN]:
        print(f"  {place}: then {then!r}, now {now!r}")
    return _NOT_THE_SAME
