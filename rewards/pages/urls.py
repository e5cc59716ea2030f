from django.urls import path

from rewards.pages import alipay, terms, views, vouchers, wechat

urlpatterns = [
    path("campaigns/<int:campaign_id>/", terms.terms, name="campaign-terms"),
    path("campaigns/<int:campaign_id>/draw.json", terms.draw, name="campaign-draw"),
    path("wallet/", views.wallet, name="wallet"),
    path("wallet/envelopes/", views.envelopes, name="wallet-envelopes"),
    path("wallet/envelopes/<uuid:envelope_id>/confirm/", views.confirm, name="wallet-confirm"),
    path("wallet/member-code.svg", views.member_code, name="wallet-member-code"),
    path("wallet/vouchers/", vouchers.vouchers, name="wallet-vouchers"),
    path("wallet/vouchers/<uuid:voucher_id>/", vouchers.voucher, name="wallet-voucher"),
    path("wallet/vouchers/<uuid:voucher_id>/code.svg", vouchers.voucher_qr, name="wallet-voucher-qr"),
    path("v/<str:code>", vouchers.scanned, name="voucher-scanned"),
    path("wallet/sign-in/", views.sign_in, name="wallet-sign-in"),
    path("wallet/wechat/", wechat.leave, name="wallet-wechat"),
    path("wallet/wechat/back/", wechat.back, name="wallet-wechat-back"),
    path("wallet/alipay/", alipay.leave, name="wallet-alipay"),
    path("wallet/alipay/back/", alipay.back, name="wallet-alipay-back"),
    path("wallet/sign-out/", views.sign_out, name="wallet-sign-out"),
]
