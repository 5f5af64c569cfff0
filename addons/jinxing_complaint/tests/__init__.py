from . import test_complaint_steps
from . import test_complaint_ways_round
