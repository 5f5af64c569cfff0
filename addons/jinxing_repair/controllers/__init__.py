from . import helpdesk
from . import portal_settlement
