"""The clinic as a Django application."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "sextant.clinic"
    label = "clinic"
    verbose_name = "Sextant"
