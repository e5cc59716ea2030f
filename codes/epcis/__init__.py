"""EPCIS 2.0 and CBV 2.0: documents and events, checked, compared, named and written. No framework in here."""
