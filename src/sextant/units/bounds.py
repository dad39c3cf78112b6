"""What a number can be at all: technical bounds against slips of the hand. Clinical limits are the gates'."""

LOWEST_WEIGHT_KG, HIGHEST_WEIGHT_KG = 25.0, 350.0

HIGHEST_MG_PER_KG = 2.0
"""Above the highest single infusion in the sources read (1.41 mg/kg, D077), so that an unusual dose that was truly
given can be kept, and a decimal point in the wrong place cannot."""

SHORTEST_INFUSION_MIN = 2.0
"""The shortest push in the sources read (D021): below it hours were meant, or another decimal point."""

LONGEST_INFUSION_MIN = 240.0
