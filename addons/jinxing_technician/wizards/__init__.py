from . import jinxing_certification_revoke
