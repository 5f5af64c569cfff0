from . import test_certification
from . import test_access
from . import test_examination
from . import test_training
