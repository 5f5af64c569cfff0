from . import test_return
from . import test_portal
from . import test_exchange_right
