from . import jinxing_clause
from . import jinxing_decision
from . import jinxing_decision_mixin
from . import jinxing_policy
from . import jinxing_region
from . import jinxing_bulletin
from . import jinxing_home
from . import res_partner
