import { boot } from "./boot";
import { _t } from "./i18n";

const locale = boot.user.lang.replace("_", "-");
const options = { timeZone: boot.user.tz };

function formatter(parts) {
    try {
        return new Intl.DateTimeFormat(locale, { ...options, ...parts });
    } catch {
        return new Intl.DateTimeFormat(undefined, parts); // a time zone the phone does not know
    }
}
const short = formatter({
    month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false,
});
const hours = formatter({ hour: "2-digit", minute: "2-digit", hour12: false });
const dayKey = formatter({ year: "numeric", month: "2-digit", day: "2-digit" });

/** Return a moment (UTC) as the reader writes it: only the time if it is today. */
export function formatMoment(text, now = Date.now()) {
    if (!text) {
        return "";
    }
    const moment = new Date(text);
    const today = dayKey.format(moment) === dayKey.format(new Date(now));
    return (today ? hours : short).format(moment);
}

/** Return a calendar day; it has no time zone. */
export function formatDay(text) {
    if (!text) {
        return "";
    }
    const [year, month, day] = text.split("-").map(Number);
    return new Intl.DateTimeFormat(locale).format(new Date(year, month - 1, day));
}

export function formatNumber(value) {
    return new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(value || 0);
}

export function formatMoney(value, symbol = "¥") {
    const number = new Intl.NumberFormat(locale, {
        minimumFractionDigits: 2, maximumFractionDigits: 2,
    });
    return `${symbol}${number.format(value || 0)}`;
}

/** Return how long it is from `now` to a moment, as words. */
export function formatRest(text, now) {
    const minutes = Math.round(Math.abs(new Date(text) - now) / 60000);
    const days = Math.floor(minutes / 1440);
    if (days >= 2) {
        return _t("%(days)s days", { days });
    }
    if (minutes >= 60) {
        return _t("%(hours)s h %(minutes)s min", {
            hours: Math.floor(minutes / 60), minutes: minutes % 60,
        });
    }
    return _t("%(minutes)s min", { minutes });
}

/** Return "done", "late", "soon" (less than a quarter of the time is left) or "ahead". */
export function urgency(deadline, now) {
    const until = new Date(deadline.until).getTime();
    if (deadline.done) {
        return new Date(deadline.done) > until ? "late" : "done";
    }
    if (until < now) {
        return "late";
    }
    const whole = deadline.since ? until - new Date(deadline.since) : 0;
    return until - now < Math.max(whole / 4, 5 * 60000) ? "soon" : "ahead";
}

/** Return the address of a map: by coordinates if there are any, else by the text. */
export function mapLink(job) {
    if (job.latitude || job.longitude) {
        const place = `${job.longitude},${job.latitude}`;
        const name = encodeURIComponent(job.customer || job.name);
        return `https://uri.amap.com/marker?position=${place}&name=${name}&coordinate=wgs84&callnative=1`;
    }
    if (!job.address) {
        return "";
    }
    return `https://uri.amap.com/search?keyword=${encodeURIComponent(job.address)}&callnative=1`;
}

/** Return a moment as the server reads it. */
export function toServer(milliseconds) {
    return new Date(milliseconds).toISOString().slice(0, 19) + "Z";
}

/** Return the value for an input of type datetime-local, in the phone's own time zone. */
export function toInput(milliseconds) {
    const moment = new Date(milliseconds);
    moment.setMinutes(moment.getMinutes() - moment.getTimezoneOffset());
    return moment.toISOString().slice(0, 16);
}
