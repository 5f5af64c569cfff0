from . import complaint
from . import contact
