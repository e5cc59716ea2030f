"""What a market case is about, as one text: of one brand, kind and subject no more than one case is open."""


def of_shipment(shipment: int, area: str) -> str:
    """The goods of one movement in one foreign city."""
    return f"shipment:{shipment}/{area}"


def of_mark(serial: int, role: int) -> str:
    """One mark of one unit."""
    return f"mark:{serial}/{role}"


def of_area(area: str) -> str:
    """What happens in one city."""
    return f"area:{area}"
