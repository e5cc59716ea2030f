"""What the settings load of other people's packages; nothing here reads a variable."""

import environ
import requests
import structlog
from cryptography import x509
from django.conf import global_settings, settings
from django.http import HttpRequest

__all__ = ["HttpRequest", "environ", "global_settings", "requests", "settings", "structlog", "x509"]
