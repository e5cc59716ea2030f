"""The rules that an opening must pass before anything is promised on it. Pure."""
