"""The REST bindings of EPCIS 2.0 (GS1's openapi.json, version 2.0.0), under /epcis/."""
