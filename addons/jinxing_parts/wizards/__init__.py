from . import hr_departure_wizard
from . import jinxing_parts_reason
from . import jinxing_tool_step
