import { NetworkError, SessionError, rpc } from "./rpc";

const KEEP_SENT = 30;
const RETRY = [5, 10, 20, 40, 60]; // seconds
/** Changes with these states wait for a person; later ones of the same order wait behind. */
const STUCK = ["refused", "conflict", "gone"];

/** Return a random number for a change; without https browsers offer no ready function. */
function uuid() {
    if (crypto.randomUUID) {
        return crypto.randomUUID();
    }
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * Changes on their way to the server: kept on the phone first, sent in order, each once.
 *
 * Every change has a number (UUID) of its own. Sent twice because an answer was lost, it counts
 * once: the server gives the first answer again. A change that is refused or conflicts stops
 * those of its order behind it, never those of other orders.
 */
export class Outbox {
    /**
     * @param {PhoneDB} db
     * @param {Object} hooks `changed()` after each change of state, `answered(result)` with each
     *  answer, `link({online, loggedIn})` when the connection changes
     */
    constructor(db, hooks) {
        this.db = db;
        this.hooks = hooks;
        this.entries = [];
        this.waiters = new Map();
        this.failures = 0;
        this.sending = null;
    }

    async load() {
        const kept = await this.db.all("outbox");
        this.entries = kept.sort((one, other) => one.seq - other.seq);
        this.hooks.changed();
    }

    waiting(orderId) {
        return this.entries.filter((e) => e.order_id === orderId && e.state === "waiting");
    }

    unsent() {
        return this.entries.filter((entry) => entry.state !== "sent");
    }

    /**
     * Keep a change and send it if possible.
     *
     * @returns {Promise<Object>} what became of it: the server's answer, or
     *  `{status: "waiting"}` when it is safe on the phone and will be sent later
     */
    async add(change) {
        const entry = { ...change, request_id: uuid(), state: "waiting" };
        entry.seq = await this.db.put("outbox", entry);
        this.entries.push(entry);
        const answer = new Promise((resolve) => this.waiters.set(entry.request_id, resolve));
        this.hooks.changed();
        this.flush();
        return answer;
    }

    /** Send what waits, one after the other; only one tab of the phone does it at a time. */
    flush() {
        this.sending ??= this.exclusively(() => this.sendAll()).finally(() => {
            this.sending = null;
            this.settle();
            if (this.next() && !this.failures) {
                this.flush();
            }
        });
        return this.sending;
    }

    async exclusively(work) {
        if (navigator.locks) {
            return navigator.locks.request(`${this.db.name}-send`, work);
        }
        return work();
    }

    next() {
        const blocked = new Set();
        for (const entry of this.entries) {
            if (STUCK.includes(entry.state)) {
                blocked.add(entry.order_id);
            } else if (entry.state === "waiting" && !blocked.has(entry.order_id)) {
                return entry;
            }
        }
        return null;
    }

    async sendAll() {
        let entry;
        while ((entry = this.next())) {
            const kept = await this.db.get("outbox", entry.seq);
            if (!kept || kept.state !== "waiting") {
                // another tab has sent it
                this.entries = this.entries.filter((other) => other !== entry);
                continue;
            }
            let result;
            try {
                result = await rpc("/my/jobs/change", {
                    order_id: entry.order_id,
                    request_id: entry.request_id,
                    operation: entry.operation,
                    values: entry.values,
                    base: entry.base,
                    at: entry.at,
                });
            } catch (error) {
                if (error instanceof SessionError) {
                    this.failed({ online: true, loggedIn: false });
                    return;
                }
                if (error instanceof NetworkError) {
                    this.failed({ online: false });
                    return;
                }
                result = { status: "refused", message: error.message };
            }
            this.failures = 0;
            this.hooks.link({ online: true, loggedIn: true });
            await this.received(entry, result);
        }
    }

    failed(link) {
        const seconds = RETRY[Math.min(this.failures, RETRY.length - 1)];
        this.failures += 1;
        clearTimeout(this.timer);
        if (link.online !== true) {
            this.timer = setTimeout(() => this.flush(), seconds * 1000);
        }
        this.hooks.link(link);
    }

    async received(entry, result) {
        const watched = this.waiters.get(entry.request_id);
        this.waiters.delete(entry.request_id);
        if (result.status === "done") {
            entry.state = "sent";
            entry.sent = Date.now();
            // Pictures are with the server now; the phone need not hold them twice.
            for (const name of ["data", "signature"]) {
                delete entry.values?.[name];
            }
        } else {
            entry.state = result.status;
            entry.message = result.message || "";
            entry.fields = result.fields || [];
        }
        if (result.status === "refused" && watched) {
            // He looks at the form it came from: there it is told, and nothing is lost.
            await this.drop(entry);
        } else {
            await this.db.put("outbox", entry);
            await this.forgetOld();
        }
        await this.hooks.answered(entry, result);
        this.hooks.changed();
        watched?.(result);
    }

    async forgetOld() {
        const sent = this.entries.filter((entry) => entry.state === "sent");
        for (const entry of sent.slice(0, Math.max(0, sent.length - KEEP_SENT))) {
            await this.drop(entry);
        }
    }

    /** Tell those who wait for an answer that the change is safe and will be sent later. */
    settle() {
        for (const entry of this.entries) {
            if (entry.state === "waiting" && (this.failures || this.next() !== entry)) {
                this.waiters.get(entry.request_id)?.({ status: "waiting" });
                this.waiters.delete(entry.request_id);
            }
        }
    }

    async drop(entry) {
        this.entries = this.entries.filter((other) => other.seq !== entry.seq);
        await this.db.remove("outbox", entry.seq);
        this.hooks.changed();
    }

    /** Drop a change that was refused or conflicts: what the office has stays. */
    async discard(entry) {
        await this.drop(entry);
        this.flush();
    }

    /**
     * Send a stuck change again. It keeps its number, which counts for nothing as long as it was
     * not applied, so that changes behind it still find the line it makes.
     */
    async again(entry, changes = {}) {
        const change = { ...entry, ...changes, state: "waiting", message: "", fields: [] };
        await this.db.put("outbox", change);
        this.entries = this.entries.map((other) => (other.seq === entry.seq ? change : other));
        this.hooks.changed();
        await this.flush();
    }

    /** Overwrite what the office has with what is on the phone, now that he has seen both. */
    async useMine(entry) {
        const base = { ...entry.base };
        for (const field of entry.fields) {
            base[field.name] = field.theirs_value;
        }
        await this.again(entry, { base });
    }
}
