from . import complaint
from . import contact
from . import survey
