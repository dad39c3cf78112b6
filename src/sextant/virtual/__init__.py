"""Virtual patients, made by the response model with a stated seed; they resemble nobody."""

from sextant.virtual.patients import VirtualPatient, virtual_patients
from sextant.virtual.simulate import Person, draw_person, simulate_scores

__all__ = ["Person", "VirtualPatient", "draw_person", "simulate_scores", "virtual_patients"]
