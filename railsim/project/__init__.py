"""What building takes, and when what is built opens."""

from railsim.project.building import build
from railsim.project.delivery.delivering import deliver, open_sections
from railsim.project.delivery.luck import ProjectLuck, luck_of
from railsim.project.delivery.odds import delivery_odds, promise_warnings
from railsim.project.works import Delivery, Item, PassengerTraffic, Works

__all__ = [
    "Delivery",
    "Item",
    "PassengerTraffic",
    "ProjectLuck",
    "Works",
    "build",
    "deliver",
    "delivery_odds",
    "luck_of",
    "open_sections",
    "promise_warnings",
]
