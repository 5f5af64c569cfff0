from . import helpdesk
from . import portal_settlement
from . import onsite
from . import portal
from . import public
