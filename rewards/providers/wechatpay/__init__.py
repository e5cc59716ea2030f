"""WeChat Pay's merchant transfer ("transfer-bills", API v3) as a payment provider."""
