"""The upload of a FHIR bundle that makes a patient."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile

from sextant.fhir import MAX_BYTES


class BundleForm(forms.Form):
    """One FHIR R4 bundle, as `.json` or `.json.gz`."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    bundle = forms.FileField(
        label="FHIR R4 bundle",
        help_text="A .json or .json.gz file of at most 50 MB, about one person.",
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty. Choose another one.",
            "missing": "Choose a file.",
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, initial={"key": uuid4()}, label_suffix="", **options)

    def clean_bundle(self) -> UploadedFile:
        """A file within the size that can be read here."""
        upload: UploadedFile = self.cleaned_data["bundle"]
        if upload.size is not None and upload.size > MAX_BYTES:
            raise forms.ValidationError(
                f"The file has {upload.size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB can be read. "
                "Export one patient alone, or without documents and images."
            )
        return upload
