from . import portal_parts
from . import portal_requisitions
from . import portal_returns
