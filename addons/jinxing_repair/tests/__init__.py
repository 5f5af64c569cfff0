from . import test_api
from . import test_walk
from . import test_liability
from . import test_take_back
from . import test_ticket_holes
from . import test_decision_texts
from . import test_daily_report
