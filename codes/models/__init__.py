from codes.models.binding import Binding, Evidence, Opening
from codes.models.epcis import EpcisEvent, EpcisFigure, EpcisFollower, EpcisPlace, EpcisTerm
from codes.models.epcis_capture import CaptureChunk, CaptureJob, EpcisEffect
from codes.models.epcis_query import NamedQuery, Subscription
from codes.models.market_case import CaseEvidence, CaseRemark, CaseRule, MarketCase
from codes.models.movement import Contradiction, Movement, MovementLine
from codes.models.movement_exception import ExceptionLine, MovementException, MovementSolution
from codes.models.order import CodeOrder, SerialCounter
from codes.models.packing import Packing
from codes.models.print_file import Download, PasswordReveal, PrintFile
from codes.models.printer_profile import PrinterProfile
from codes.models.product import Batch, Product
from codes.models.product_link import ProductLink
from codes.models.roll import Roll, RollUse
from codes.models.scan import Mark, Scan
from codes.models.sighting import CaseCursor, ExaminationFault, ForeignReceipt, Sighting
from codes.models.span import Span

__all__ = [
    "Batch",
    "Binding",
    "CaptureChunk",
    "CaptureJob",
    "CaseCursor",
    "CaseEvidence",
    "CaseRemark",
    "CaseRule",
    "CodeOrder",
    "Contradiction",
    "Download",
    "EpcisEffect",
    "EpcisEvent",
    "EpcisFigure",
    "EpcisFollower",
    "EpcisPlace",
    "EpcisTerm",
    "Evidence",
    "ExaminationFault",
    "ExceptionLine",
    "ForeignReceipt",
    "Mark",
    "MarketCase",
    "Movement",
    "MovementException",
    "MovementLine",
    "MovementSolution",
    "NamedQuery",
    "Opening",
    "Packing",
    "PasswordReveal",
    "PrintFile",
    "PrinterProfile",
    "Product",
    "ProductLink",
    "Roll",
    "RollUse",
    "Scan",
    "SerialCounter",
    "Sighting",
    "Span",
    "Subscription",
]
