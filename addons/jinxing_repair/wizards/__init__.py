from . import jinxing_repair_reason
from . import jinxing_repair_assign
from . import jinxing_repair_sign
from . import jinxing_repair_assess
from . import jinxing_repair_take_back
