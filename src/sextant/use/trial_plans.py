"""The calendars of the three trials that the shipped population was fitted to (source CTN0094).

CTN-0030 has two weeks of stabilisation, two of taper and eight of follow-up; whoever used again then was offered twelve
weeks of treatment, a taper and follow-up, so that its weeks after the fourteenth hold these people alone. The others
have one stage of 24 weeks. The stretches follow these stages and the first and last weeks.
"""

from sextant.use.population import Plan, Span

_WITHDRAWAL_TRIAL = tuple(
    Span(*weeks) for weeks in ((1, 2), (3, 3), (4, 4), (5, 5), (6, 8), (9, 13), (14, 14), (15, 17), (18, None))
)

TRIAL_PLANS = (
    Plan(
        "CTN-0027",
        ("Methadone", "Outpatient BUP"),
        test=(Span(1, 3),),
        missed=(Span(1, 1), Span(2, 4), Span(24, 24)),
        towards=(Span(1, 2), Span(3, 5), Span(23, 23)),
    ),
    Plan(
        "CTN-0030",
        ("Outpatient BUP + EMM", "Outpatient BUP + SMM"),
        test=(Span(1, 2), Span(3, 4), Span(5, 7), Span(8, 14)),
        missed=tuple(
            Span(*weeks)
            for weeks in (*((1, 2), (3, 3), (4, 4), (5, 5), (6, 7), (8, 13), (14, 14), (15, 19), (20, 22), (23, None)),)
        ),
        towards=_WITHDRAWAL_TRIAL,
    ),
    Plan(
        "CTN-0051",
        ("Inpatient BUP", "Inpatient NR-NTX"),
        test=(Span(1, 3),),
        missed=(Span(1, 1), Span(2, 4), Span(21, 23), Span(24, 24)),
        towards=(Span(1, 2), Span(3, 5), Span(23, 23)),
    ),
)
