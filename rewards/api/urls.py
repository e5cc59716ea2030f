from django.urls import path

from rewards.api import envelopes, partner

urlpatterns = [
    path("scans/<uuid:scan_id>/claim", envelopes.Claims.as_view(), name="claim"),
    path("envelopes/<uuid:envelope_id>", envelopes.OneEnvelope.as_view(), name="envelope"),
    path("me/envelopes", envelopes.MyEnvelopes.as_view(), name="my-envelopes"),
    path("campaigns", partner.Campaigns.as_view(), name="campaigns"),
    path("held-envelopes", partner.HeldEnvelopes.as_view(), name="held-envelopes"),
    path("payouts", partner.Payouts.as_view(), name="payouts"),
]
