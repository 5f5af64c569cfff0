"""Start Odoo's command line: a script, since ``python -m odoo`` breaks its worker processes."""

import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
