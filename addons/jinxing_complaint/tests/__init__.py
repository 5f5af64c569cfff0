from . import test_complaint_steps
from . import test_complaint_ways_round
from . import test_contact
from . import test_portal
from . import test_follow_up
from . import test_report
