from django.urls import path

from rewards.api import campaigns, envelopes, partner, redemptions

urlpatterns = [
    path("scans/<uuid:scan_id>/claim", envelopes.Claims.as_view(), name="claim"),
    path("envelopes/<uuid:envelope_id>", envelopes.OneEnvelope.as_view(), name="envelope"),
    path("me/envelopes", envelopes.MyEnvelopes.as_view(), name="my-envelopes"),
    path("me/vouchers", envelopes.MyVouchers.as_view(), name="my-vouchers"),
    path("campaigns", campaigns.Campaigns.as_view(), name="campaigns"),
    path("campaigns/<int:campaign_id>", campaigns.OneCampaign.as_view(), name="campaign"),
    path("campaigns/<int:campaign_id>/submissions", campaigns.Submission.as_view(), name="campaign-submission"),
    path("campaigns/<int:campaign_id>/publications", campaigns.Publication.as_view(), name="campaign-publication"),
    path("campaigns/<int:campaign_id>/returns", campaigns.Return.as_view(), name="campaign-returns"),
    path("held-envelopes", partner.HeldEnvelopes.as_view(), name="held-envelopes"),
    path("redemptions", redemptions.Redemptions.as_view(), name="partner-redemptions"),
    path("payouts", partner.Payouts.as_view(), name="payouts"),
]
