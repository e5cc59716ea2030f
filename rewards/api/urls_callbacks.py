from django.urls import path

from rewards.api import callbacks

urlpatterns = [
    path("wechatpay/", callbacks.wechatpay, name="wechatpay-callback"),
    path("alipay/", callbacks.alipay, name="alipay-callback"),
]
