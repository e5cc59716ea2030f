"""Connections to a provider, kept from call to call."""

import threading

import requests
from requests.utils import get_environ_proxies


class Connections:
    """Each thread's own. The environment is asked for proxies once a thread, since that is slow."""

    def __init__(self, gateway: str) -> None:
        self.gateway = gateway
        self.kept = threading.local()

    @property
    def session(self) -> requests.Session:
        """This thread's."""
        if not hasattr(self.kept, "session"):
            self.kept.session = requests.Session()
            self.kept.session.proxies = dict(get_environ_proxies(self.gateway))
            self.kept.session.trust_env = False
        session: requests.Session = self.kept.session
        return session
