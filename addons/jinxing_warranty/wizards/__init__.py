from . import jinxing_card_change
from . import jinxing_card_import
from . import jinxing_cover_check
