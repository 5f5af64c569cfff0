import { Component, onWillUpdateProps, useEnv, useState } from "@odoo/owl";
import { useActing } from "./acting";
import { Typing } from "./draft_form";
import { AssemblyForm } from "./assembly_form";
import { formatMoney, formatNumber } from "./format";
import { _t } from "./i18n";
import { atMachine, awaitsAcceptance, diagnosing } from "./steps";
import { NetworkError, SessionError, rpc } from "./rpc";

/** What the part forms share: quantity with big buttons, lots to choose. */
class PartBase extends Component {
    setup() {
        this.act = useActing();
        this.service = useEnv().store;
        this.store = useState(this.service.state);
        Object.assign(this, { atMachine, diagnosing, formatMoney, formatNumber });
    }

    /** Let the form follow a line of the order, where nothing was changed (see `Typing`). */
    useLine(shown) {
        this.typing = new Typing(shown(this.props), this.form);
        onWillUpdateProps((props) => this.typing.follow(shown(props)));
    }

    set(name, value) {
        if (this.typing) {
            this.typing.set(name, value);
        } else {
            this.form[name] = value;
        }
    }

    count(name, step, least = 1) {
        this.set(name, Math.max(least, (Number(this.form[name]) || 0) + step));
    }

    pick(lot, wanted, tracking) {
        const chosen = this.form.lots;
        if (chosen.some((item) => item.id === lot.id)) {
            this.set("lots", chosen.filter((item) => item.id !== lot.id));
        } else {
            this.set("lots", tracking === "serial" ? [...chosen, lot].slice(-Number(wanted)) : [lot]);
        }
    }

    picked(lot) {
        return this.form.lots.some((item) => item.id === lot.id);
    }
}

/** Finds a part in van or station and puts it on the order (G1.2, S8.3). */
export class PartPicker extends PartBase {
    static template = "jinxing_repair.PartPicker";
    static props = { job: Object, fault: Object, close: Function };

    setup() {
        super.setup();
        this.form = useState({
            text: "", found: null, part: null, quantity: 1, lots: [], beyond: false, all: false,
        });
    }

    place(id) {
        return this.props.job.sources.find((source) => source.id === id)?.name || "";
    }

    get refusal() {
        const model = this.props.job.model;
        return _t(
            "Not approved for %(model)s, may not be fitted (G1.2). Only a supervisor can let it pass.",
            { model },
        );
    }

    approved(part) {
        return part.models.includes(this.props.job.model_id);
    }

    get shown() {
        const { text, found, all } = this.form;
        if (found) {
            return found;
        }
        const sources = this.props.job.sources.map((source) => source.id);
        const words = text.trim().toLowerCase();
        return this.store.catalog.stock
            .filter((part) => sources.includes(part.source))
            .filter((part) => words
                ? `${part.name} ${part.code} ${part.component_name}`.toLowerCase().includes(words)
                : all || part.component === this.props.fault.component_id)
            .slice(0, 40);
    }

    typed(ev) {
        this.form.text = ev.target.value;
        this.form.found = null;
    }

    /** Ask the server for parts that lie neither in the van nor in the station. */
    async search() {
        try {
            const { parts } = await rpc(`/my/jobs/${this.props.job.id}/parts`, {
                text: this.form.text,
            });
            this.form.found = parts;
        } catch (error) {
            if (error instanceof NetworkError || error instanceof SessionError) {
                this.service.say(_t("No network: only the parts of van and station are shown."));
            } else {
                this.store.problem = error.message;
            }
        }
    }

    choose(part) {
        Object.assign(this.form, { part, quantity: 1, lots: [], beyond: false });
    }

    /** What is kept for this order counts as free for it. */
    free(part) {
        const kept = (this.props.job.bring || [])
            .filter((line) => line.product === part.id)
            .flatMap((line) => line.kept)
            .filter((item) => item.source === part.source);
        return kept.reduce((sum, item) => sum + item.quantity, part.free);
    }

    get short() {
        return this.free(this.form.part) < this.form.quantity;
    }

    get ready() {
        const { part, quantity, lots, beyond } = this.form;
        if (!(quantity > 0) || (this.short && !beyond)) {
            return false;
        }
        return part.tracking === "none" || !part.lots.length || !lots.length
            || part.tracking !== "serial" || lots.length === Number(quantity);
    }

    async add() {
        const { part, quantity, lots, beyond } = this.form;
        const values = {
            fault: this.props.fault.id, product: part.id, quantity: Number(quantity),
            source: part.source, lots: lots.map((lot) => lot.id), beyond_stock: beyond,
        };
        const info = {
            name: part.name, code: part.code, unit: part.unit, price: part.price,
            tracking: part.tracking, source_name: this.place(part.source),
            lots: lots.map(({ id, name }) => ({ id, name })),
        };
        const label = `${part.name} × ${quantity}`;
        if (await this.act(this.props.job, "part_add", values, { info, label })) {
            this.props.close();
        }
    }
}

/** Changes one part of the order: planned, used, which lots, off the order. */
export class PartForm extends PartBase {
    static template = "jinxing_repair.PartForm";
    static components = { AssemblyForm };
    static props = { job: Object, part: Object, close: Function };

    setup() {
        super.setup();
        this.form = useState({});
        this.useLine(({ part }) => ({
            planned: part.product_uom_qty,
            used: part.picked ? part.quantity : part.product_uom_qty,
            lots: part.lots.map(({ id, name }) => ({ id, name })),
        }));
        this.fitted = this.props.part;
        onWillUpdateProps(({ part }) => {
            const { base } = this.typing;
            if (!("used" in base || "lots" in base)) {
                this.fitted = part;
            }
        });
    }

    /** Tell whether the supervisor is to be asked for this assembly first. */
    get asks() {
        const { job, part } = this.props;
        return part.assembly && part.assembly.ask > 0 && !["signed", "handed_in"].includes(job.state);
    }

    get lots() {
        const { part } = this.props;
        const shelf = this.store.catalog.stock.find(
            (item) => item.id === part.product && item.source === part.source
        );
        const known = [...(shelf?.lots || [])];
        for (const lot of part.lots) {
            if (!known.some((item) => item.id === lot.id)) {
                known.push(lot);
            }
        }
        return known;
    }

    /** The work on what is charged begins once the customer has accepted the price (S8.4). */
    get early() {
        const { job, part } = this.props;
        return awaitsAcceptance(job, job.faults.find((fault) => fault.id === part.fault));
    }

    async plan() {
        const { job, part } = this.props;
        const quantity = Number(this.form.planned);
        if (await this.act(job, "part_write", { part: part.id, product_uom_qty: quantity }, {
            base: { product_uom_qty: this.typing.seen("planned") },
            label: `${part.name} × ${quantity}`,
        })) {
            this.props.close();
        }
    }

    async use() {
        const { job, part } = this.props;
        const quantity = Number(this.form.used);
        const values = { part: part.id, quantity, lots: this.form.lots.map((lot) => lot.id) };
        const info = { lots: this.form.lots.map(({ id, name }) => ({ id, name })) };
        if (await this.act(job, "part_use", values, {
            // what was used when he began to say it, not what somebody has said since
            base: {
                quantity: this.fitted.quantity, lot_ids: this.fitted.lots.map((lot) => lot.id),
            },
            info, label: `${part.name} × ${quantity}`,
        })) {
            this.props.close();
        }
    }

    async remove() {
        const { job, part } = this.props;
        if (await this.act(job, "part_remove", { part: part.id }, {
            base: { product_uom_qty: this.typing.seen("planned") }, label: part.name,
        })) {
            this.props.close();
        }
    }
}

/** Puts labour or travel from the fee card on the order (S8.4). */
export class LabourForm extends PartBase {
    static template = "jinxing_repair.LabourForm";
    static props = { job: Object, fault: Object, close: Function };

    setup() {
        super.setup();
        this.form = useState({ fee: "", quantity: 1 });
    }

    get groups() {
        const groups = new Map();
        for (const fee of this.store.catalog.fees) {
            if (fee.company === this.props.job.company) {
                groups.set(fee.group, [...(groups.get(fee.group) || []), fee]);
            }
        }
        return [...groups.entries()];
    }

    get fee() {
        return this.store.catalog.fees.find((fee) => fee.id === Number(this.form.fee));
    }

    choose(ev) {
        this.form.fee = ev.target.value;
        this.form.quantity = this.fee?.hours || 1;
    }

    async add() {
        const fee = this.fee;
        const quantity = Number(this.form.quantity);
        const values = { fault: this.props.fault.id, fee_item: fee.id, quantity };
        const info = {
            name: fee.name, unit: fee.unit, price: fee.price, amount: fee.price * quantity,
        };
        if (await this.act(this.props.job, "labour_add", values, { info, label: fee.name })) {
            this.props.close();
        }
    }
}

/** One line of labour or travel; a tap opens its quantity. */
export class LabourLine extends PartBase {
    static template = "jinxing_repair.LabourLine";
    static props = { job: Object, line: Object };

    setup() {
        super.setup();
        this.form = useState({ open: false });
        this.useLine(({ line }) => ({ quantity: line.product_uom_qty }));
    }

    toggle() {
        this.form.open = !this.form.open && diagnosing(this.props.job);
        this.typing.base = {};
        this.typing.follow({ quantity: this.props.line.product_uom_qty });
    }

    async save() {
        const { job, line } = this.props;
        const values = { labour: line.id, product_uom_qty: Number(this.form.quantity) };
        if (await this.act(job, "labour_write", values, {
            base: { product_uom_qty: this.typing.seen("quantity") }, label: line.name,
        })) {
            this.form.open = false;
        }
    }

    async remove() {
        const { job, line } = this.props;
        await this.act(job, "labour_remove", { labour: line.id }, {
            base: { product_uom_qty: this.typing.seen("quantity") }, label: line.name,
        });
    }
}
