from . import test_requisition
from . import test_fitting
from . import test_supplier
from . import test_old_part
from . import test_audit
from . import test_plan
from . import test_portal
from . import test_tool
