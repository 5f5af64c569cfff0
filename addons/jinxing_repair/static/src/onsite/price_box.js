import { Component, useEnv, useState } from "@odoo/owl";
import { useActing } from "./acting";
import { formatMoment, formatMoney, formatNumber } from "./format";
import { _t } from "./i18n";
import { ReasonForm } from "./job_forms";
import { SignaturePad } from "./signature_pad";
import { diagnosing } from "./steps";

/** What the customer is to pay, and his acceptance before the work starts (S8.4). */
export class PriceBox extends Component {
    static template = "jinxing_repair.PriceBox";
    static components = { ReasonForm, SignaturePad };
    static props = { job: Object };

    setup() {
        this.act = useActing();
        this.store = useState(useEnv().store.state);
        this.ui = useState({ refusing: false });
        this.signTitle = _t("I accept the price");
        Object.assign(this, { diagnosing, formatMoment, formatMoney, formatNumber });
    }

    get quote() {
        return this.props.job.quote;
    }

    get estimate() {
        const amount = formatMoney(this.quote.estimate, this.quote.symbol);
        return _t("About %(amount)s before tax; the final price follows.", { amount });
    }

    get open() {
        return ["quoted", "refused"].includes(this.quote.state) && this.quote.lines.length;
    }

    async accept(signed) {
        await this.act(
            this.props.job, "accept_quotation", { ...signed, total: this.quote.total },
            { label: `${signed.name} ${formatMoney(this.quote.total, this.quote.symbol)}` },
        );
    }
}
