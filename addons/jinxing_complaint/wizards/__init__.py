from . import jinxing_complaint_reason
from . import jinxing_complaint_inform
from . import jinxing_complaint_consent
from . import jinxing_countermeasure_note
from . import jinxing_penalty_reject
from . import jinxing_public_report
from . import jinxing_conduct_decide
