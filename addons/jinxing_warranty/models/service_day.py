"""Which day it is: where the service is given, not where the reader sits (L24a)."""


def service_day(env, moment=None, company=None):
    """Return the calendar day of a naive UTC moment, now by default.

    The last day of cover ends at the farmer's midnight, also on a page that is read without
    login and in a nightly job.
    """
    return env["jinxing.policy.parameter"]._service_day(moment, company)
