from stores.models.brand import Brand
from stores.models.dealer import Dealer
from stores.models.figures import PendingCount, RegionDay, StoreDay
from stores.models.partner import PartnerClient
from stores.models.people import Salesperson, StoreOwner, User, WarehouseWorker
from stores.models.region import Region
from stores.models.standing import LadderRule, StepChange, StoreStanding
from stores.models.store import Store
from stores.models.visit import Visit

__all__ = [
    "Brand",
    "Dealer",
    "LadderRule",
    "PartnerClient",
    "PendingCount",
    "Region",
    "RegionDay",
    "Salesperson",
    "StepChange",
    "Store",
    "StoreDay",
    "StoreOwner",
    "StoreStanding",
    "User",
    "Visit",
    "WarehouseWorker",
]
