"""The addresses of the pages. Each of a patient leads to one patient by id."""

from django.urls import path

from sextant.clinic.pages import (
    add,
    audit_trail,
    behind,
    change_fact,
    chart,
    evidence,
    facts,
    infusions,
    mechanisms,
    model,
    policy,
    policy_set,
    policy_versions,
    review,
    screening,
    today,
    upload,
    use,
)

urlpatterns = [
    path("", today.today, name="today"),
    path("audit/", audit_trail.entries, name="audit"),
    path("evidence/", evidence.evidence, name="evidence"),
    path("model/", model.model, name="model"),
    path("policy/", policy.limits, name="policy"),
    path("policy/versions/", policy_versions.policy_versions, name="policy-versions"),
    path("policy/<slug:name>/", policy_set.set_one, name="policy-set"),
    path("patients/add/", upload.upload, name="patient-add"),
    path("patients/<uuid:patient_id>/", chart.chart, name="chart"),
    path("patients/<uuid:patient_id>/evidence/", behind.behind, name="behind"),
    path("patients/<uuid:patient_id>/import/", upload.imported, name="import"),
    path("patients/<uuid:patient_id>/infusions/", infusions.infusions, name="infusions"),
    path("patients/<uuid:patient_id>/mechanisms/", mechanisms.mechanisms, name="mechanisms"),
    path("patients/<uuid:patient_id>/review/", review.review, name="review"),
    path("patients/<uuid:patient_id>/screening/", screening.screening, name="screening"),
    path("patients/<uuid:patient_id>/use/", use.use, name="use"),
    path("patients/<uuid:patient_id>/facts/", facts.facts, name="facts"),
    path("patients/<uuid:patient_id>/facts/<uuid:fact_id>/take-back/", change_fact.take_back, name="fact-take-back"),
    path("patients/<uuid:patient_id>/facts/<uuid:fact_id>/over/", change_fact.over, name="fact-over"),
    path("patients/<uuid:patient_id>/add/<slug:what>/", add.add, name="add"),
]
