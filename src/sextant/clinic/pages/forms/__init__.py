"""The forms of the pages. Each checks the shape of what was typed; rules check the medicine."""

from sextant.clinic.pages.forms.allergy import AllergyForm
from sextant.clinic.pages.forms.decision import DecisionForm
from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.infusion import InfusionForm
from sextant.clinic.pages.forms.judged_use import UseJudgedForm
from sextant.clinic.pages.forms.measurements import MeasurementsForm
from sextant.clinic.pages.forms.medicines import BenzodiazepineForm
from sextant.clinic.pages.forms.plan import ConditionForm, ConsentForm, SupportForm, TargetForm
from sextant.clinic.pages.forms.pregnancy import PregnancyTestForm
from sextant.clinic.pages.forms.score import ScoreForm
from sextant.clinic.pages.forms.screening import AnswersForm, DoorForm
from sextant.clinic.pages.forms.series import NewSeriesForm
from sextant.clinic.pages.forms.upload import BundleForm
from sextant.clinic.pages.forms.use import UseForm
from sextant.clinic.pages.forms.view import OwnViewForm
from sextant.clinic.pages.forms.vitals import BloodPressureForm, WeightForm

FACT_FORMS: dict[str, type[FactForm]] = {
    "score": ScoreForm,
    "use": UseForm,
    "use-judged": UseJudgedForm,
    "today": DoorForm,
    "infusion": InfusionForm,
    "blood-pressure": BloodPressureForm,
    "weight": WeightForm,
    "measurements": MeasurementsForm,
    "pregnancy-test": PregnancyTestForm,
    "answers": AnswersForm,
    "target": TargetForm,
    "support": SupportForm,
    "consent": ConsentForm,
    "condition": ConditionForm,
    "allergy": AllergyForm,
    "benzodiazepine": BenzodiazepineForm,
    "new-series": NewSeriesForm,
}
"""What may be written down, by the word in its address. There is no form for a package or for a supply to take home."""

__all__ = ["FACT_FORMS", "BundleForm", "DecisionForm", "FactForm", "InfusionForm", "OwnViewForm"]
