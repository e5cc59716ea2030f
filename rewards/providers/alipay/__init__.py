"""Alipay's transfer to an account (单笔转账到支付宝账户) as a payment provider."""
