from . import dispatch_forms
