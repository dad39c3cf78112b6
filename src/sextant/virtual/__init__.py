"""Virtual patients, made by the response model with a stated seed; they resemble nobody."""

from sextant.virtual.patients import VirtualPatient, virtual_patients
from sextant.virtual.people import People, courses_of, draw_helped, draw_people

__all__ = ["People", "VirtualPatient", "courses_of", "draw_helped", "draw_people", "virtual_patients"]
