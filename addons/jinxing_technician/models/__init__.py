from . import jinxing_competence
from . import jinxing_fault_category
from . import jinxing_certification
from . import jinxing_training
from . import jinxing_post_certificate
from . import jinxing_decision
from . import res_partner
