from . import rma_wizards
