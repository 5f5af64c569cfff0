import { reactive } from "@odoo/owl";
import { boot } from "./boot";
import { toServer } from "./format";
import { withChanges } from "./local_changes";
import { Outbox } from "./outbox";
import { PhoneDB } from "./phone_db";
import { NetworkError, SessionError, rpc } from "./rpc";

const REFRESH = 120; // seconds between looks at the office's changes

/**
 * The technician's orders as the phone knows them, and the changes on their way.
 *
 * `state.jobs` holds what the server said last; {@link job} adds what is not sent yet.
 */
export class JobStore {
    constructor() {
        this.db = new PhoneDB(boot.user.id);
        this.state = reactive({
            jobs: {},
            list: [],
            catalog: { components: [], categories: [], fees: [], stock: [] },
            entries: [],
            online: navigator.onLine,
            loggedIn: true,
            lasting: true,
            loadedAt: 0,
            now: Date.now(),
            notice: "",
            problem: "",
            busy: "",
            outboxOpen: false,
        });
        this.offset = 0;
        this.drafts = {};
        this.draftTimers = {};
        this.moved = {};
        this.outbox = new Outbox(this.db, {
            changed: () => this.showOutbox(),
            answered: (entry, result) => this.answered(entry, result),
            link: (link) => Object.assign(this.state, link),
        });
    }

    async start() {
        await this.db.open();
        this.state.lasting = this.db.lasting;
        for (const { key, at: _at, ...draft } of await this.db.all("drafts")) {
            this.drafts[key] = draft;
        }
        await this.outbox.load();
        await this.readKept();
        window.addEventListener("online", () => this.wake());
        window.addEventListener("offline", () => Object.assign(this.state, { online: false }));
        document.addEventListener("visibilitychange", () => {
            if (!document.hidden) {
                this.wake();
            }
        });
        setInterval(() => this.tick(), 15000);
    }

    /** Take the newer of what the page brought and what the phone has kept. */
    async readKept() {
        const kept = await this.db.get("meta", "list");
        const brought = new Date(boot.now).getTime();
        for (const job of await this.db.all("jobs")) {
            this.state.jobs[job.id] = job;
        }
        this.state.catalog = (await this.db.get("meta", "catalog"))?.catalog || this.state.catalog;
        this.state.list = kept?.list || [];
        this.state.loadedAt = kept?.at || 0;
        this.offset = kept?.offset || 0;
        if (!kept || brought > kept.at) {
            this.measure(boot.now, 0);
            for (const job of boot.jobs) {
                if (job.full || !this.state.jobs[job.id]?.full) {
                    this.state.jobs[job.id] = job;
                } else {
                    Object.assign(this.state.jobs[job.id], job, { full: true });
                }
            }
            if (!boot.jobs.some((job) => job.full)) {
                this.state.list = boot.jobs.map((job) => job.id);
            }
        }
    }

    tick() {
        this.state.now = Date.now();
        if (!document.hidden && this.state.now - this.state.loadedAt > REFRESH * 1000) {
            this.refresh();
        }
    }

    async wake() {
        this.state.now = Date.now();
        await this.outbox.flush();
        await this.refresh();
    }

    /** Fetch all orders in full and keep them, so that they are there without network. */
    async refresh() {
        if (this.refreshing) {
            return;
        }
        this.refreshing = true;
        try {
            const began = Date.now();
            const data = await rpc("/my/jobs/data");
            this.measure(data.now, Date.now() - began);
            Object.assign(this.state, { online: true, loggedIn: true });
            this.state.list = data.jobs.map((job) => job.id);
            this.state.catalog = data.catalog;
            this.state.loadedAt = Date.now();
            const kept = new Set(this.state.list);
            for (const id of Object.keys(this.state.jobs).map(Number)) {
                const needed = this.outbox.unsent().some((entry) => entry.order_id === id);
                if (!kept.has(id) && !needed) {
                    delete this.state.jobs[id];
                    await this.db.remove("jobs", id);
                }
            }
            for (const job of data.jobs) {
                await this.take(job);
            }
            await this.db.put("meta", { key: "catalog", catalog: data.catalog });
            await this.keepList();
        } catch (error) {
            this.linkError(error);
        } finally {
            this.refreshing = false;
        }
    }

    /** Show and keep an order as the server has it. */
    async take(job) {
        this.state.jobs[job.id] = job;
        await this.db.put("jobs", job);
    }

    linkError(error) {
        if (error instanceof SessionError) {
            this.state.loggedIn = false;
        } else if (error instanceof NetworkError) {
            this.state.online = false;
        } else {
            throw error;
        }
    }

    async keepList() {
        await this.db.put("meta", {
            key: "list", list: [...this.state.list], at: this.state.loadedAt, offset: this.offset,
        });
    }

    /** Learn how far the phone's clock is from the server's. */
    measure(serverNow, roundTrip) {
        const offset = new Date(serverNow).getTime() + roundTrip / 2 - Date.now();
        this.offset = Math.abs(offset) < 2000 ? 0 : Math.round(offset);
    }

    /** Return this moment by the server's clock. */
    serverTime() {
        return Date.now() + this.offset;
    }

    // -- orders ------------------------------------------------------------------------------

    /**
     * Return the order with the changes that are not sent yet.
     *
     * @param {Object} [state] the component's view of the state, so that it is drawn anew
     */
    job(id, state = this.state) {
        const job = state.jobs[id];
        const waiting = state.entries.filter(
            (entry) => entry.order_id === id && entry.state === "waiting"
        );
        return job && withChanges(job, waiting);
    }

    jobs(state = this.state) {
        return state.list.map((id) => this.job(id, state)).filter(Boolean);
    }

    showOutbox() {
        this.state.entries = [...this.outbox.entries];
    }

    async answered(entry, result) {
        if (result.now) {
            this.measure(result.now, 0);
        }
        if (entry.operation === "fault_add" && result.answer?.id) {
            const key = `${entry.order_id}-fault-`;
            await this.moveDraft(key + entry.request_id, key + result.answer.id);
        }
        if (result.job) {
            await this.take(result.job);
        } else if (result.status === "done") {
            // declined: it is somebody else's now
            delete this.state.jobs[entry.order_id];
            this.state.list = this.state.list.filter((id) => id !== entry.order_id);
            await this.db.remove("jobs", entry.order_id);
        }
    }

    /**
     * Change an order: on the phone at once, at the office as soon as there is network.
     *
     * @param {number} orderId
     * @param {string} operation
     * @param {Object} values what is sent
     * @param {Object} [more] `base`: what was shown before; `info`: what the page shows of it
     *  meanwhile; `label`: how the change is called in the list of what is to be sent
     */
    change(orderId, operation, values = {}, { base = {}, info = {}, label = "" } = {}) {
        return this.outbox.add({
            order_id: orderId, operation, values, base, info, label,
            at: toServer(this.serverTime()), made: Date.now(),
        });
    }

    // -- drafts ------------------------------------------------------------------------------

    /** Return the number a draft is kept under: its fault has another one since it is sent. */
    draftKey(key) {
        return this.moved[key] || key;
    }

    /** Return `{values, base, old}` of a form begun and not saved (see `DraftForm`). */
    draft(key) {
        return this.drafts[this.draftKey(key)];
    }

    keepDraft(name, draft) {
        const key = this.draftKey(name);
        this.drafts[key] = JSON.parse(JSON.stringify(draft));
        clearTimeout(this.draftTimers[key]);
        this.draftTimers[key] = setTimeout(() => {
            if (this.drafts[key]) {
                this.db.put("drafts", { key, ...this.drafts[key], at: Date.now() });
            }
        }, 250);
    }

    async dropDraft(name) {
        const key = this.draftKey(name);
        delete this.drafts[key];
        clearTimeout(this.draftTimers[key]);
        await this.db.remove("drafts", key);
    }

    /** Keep a draft under the number its record has got. */
    async moveDraft(from, to) {
        const draft = this.drafts[from];
        await this.dropDraft(from);
        this.moved[from] = to;
        if (draft) {
            this.keepDraft(to, draft);
        }
    }

    /** Forget what the phone keeps of this user; only when nothing waits to be sent. */
    async forget() {
        for (const store of ["jobs", "meta", "drafts", "outbox"]) {
            await this.db.clear(store);
        }
        navigator.serviceWorker?.controller?.postMessage({ type: "forget" });
    }

    /** Say something at the foot of the page for a moment. */
    say(text) {
        this.state.notice = text;
        clearTimeout(this.noticeTimer);
        this.noticeTimer = setTimeout(() => (this.state.notice = ""), 4000);
    }
}
