"""Tables for spreadsheets. Pure: no Django here."""
