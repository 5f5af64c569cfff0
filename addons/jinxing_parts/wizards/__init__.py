from . import jinxing_parts_reason
