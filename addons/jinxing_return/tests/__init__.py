from . import test_return
from . import test_portal
from . import test_exchange_right
from . import test_refund_at_once
from . import test_tours
from . import test_statute
