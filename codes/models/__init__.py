from codes.models.binding import Binding, Evidence, Opening
from codes.models.movement import Movement, MovementLine
from codes.models.order import CodeOrder, SerialCounter
from codes.models.packing import Packing
from codes.models.print_file import Download, PasswordReveal, PrintFile
from codes.models.printer_profile import PrinterProfile
from codes.models.product import Batch, Product
from codes.models.product_link import ProductLink
from codes.models.scan import Mark, Scan
from codes.models.span import Span

__all__ = [
    "Batch",
    "Binding",
    "CodeOrder",
    "Download",
    "Evidence",
    "Mark",
    "Movement",
    "MovementLine",
    "Opening",
    "Packing",
    "PasswordReveal",
    "PrintFile",
    "PrinterProfile",
    "Product",
    "ProductLink",
    "Scan",
    "SerialCounter",
    "Span",
]
