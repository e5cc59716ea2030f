"""A believable market, made through the services alone: what the demo shows and `simulate` plays."""
