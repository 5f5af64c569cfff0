from . import jinxing_decision
from . import jinxing_return_policy
from . import product_template
from . import jinxing_return_task
from . import jinxing_return_negotiation
from . import rma
from . import rma_decide
from . import rma_steps
