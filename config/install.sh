#!/usr/bin/env bash
# Make the database, or update it when the image holds other addons than the last time.
set -euo pipefail
addons=$(cd /mnt/extra-addons && ls -d jinxing_*/ | tr -d / | paste -sd, -)
wanted=$(cd /mnt/extra-addons && find jinxing_* -type f ! -path '*/tests/*' -print0 | sort -z |
  xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
stamp="/var/lib/odoo/.installed-${JINXING_DB}"
there() {
  PGPASSWORD=$(cat "$PASSWORD_FILE") psql -qAt -h "$HOST" -p "$PORT" -U "$USER" -d "$JINXING_DB" \
    -c "select 1 from ir_module_module where name = 'jinxing_base' and state = 'installed'" \
    2>/dev/null | grep -q 1
}
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && there; then
  echo "Database ${JINXING_DB} is up to date"
  exit 0
fi
jinxing-entrypoint odoo -d "$JINXING_DB" -i "$addons" -u "$addons" --load-language=zh_CN \
  --stop-after-init --no-http --workers=0 --max-cron-threads=0
echo "$wanted" > "$stamp"
