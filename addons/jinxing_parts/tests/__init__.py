from . import test_requisition
