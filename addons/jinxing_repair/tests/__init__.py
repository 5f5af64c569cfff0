from . import test_api
from . import test_walk
from . import test_liability
