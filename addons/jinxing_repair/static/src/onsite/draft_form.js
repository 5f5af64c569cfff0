import { Component, onWillUpdateProps, useEnv, useState } from "@odoo/owl";
import { useActing } from "./acting";
import { _t } from "./i18n";

function text(value) {
    if (value === false) {
        return "";
    }
    return typeof value === "object" ? JSON.stringify(value) : String(value ?? "");
}

/** Tell whether two values of a form are the same: inputs give text where records hold numbers. */
export function same(one, other) {
    return text(one) === text(other);
}

/**
 * What a form shows, and what of it somebody has changed.
 *
 * Untouched fields follow the record as it is now. With each touched one `base` keeps what was
 * shown when the change began: that goes with the change, so that the server finds what somebody
 * else has written in the same field meanwhile.
 */
export class Typing {
    /**
     * @param {Object} shown the record's values now
     * @param {Object} form where the component holds the values of its inputs
     */
    constructor(shown, form) {
        this.shown = shown;
        this.form = form;
        this.base = {};
        Object.assign(form, shown);
    }

    set(name, value) {
        if (!(name in this.base)) {
            this.base[name] = this.shown[name];
        }
        this.form[name] = value;
    }

    /** Take over the record as it is now, where nothing was changed. */
    follow(shown) {
        this.shown = shown;
        for (const name of Object.keys(shown)) {
            const typed = this.form[name];
            if (same(typed, shown[name]) || same(typed, this.base[name])) {
                delete this.base[name];
            }
            if (!(name in this.base)) {
                this.form[name] = shown[name];
            }
        }
    }

    /** Return what was shown of a field when he began to change it, or is shown now. */
    seen(name) {
        return name in this.base ? this.base[name] : this.shown[name];
    }

    /** Return what differs from what was shown when each change began, and that. */
    changed(names = Object.keys(this.shown)) {
        const values = {};
        const base = {};
        for (const name of names) {
            if (name in this.base && !same(this.form[name], this.base[name])) {
                values[name] = this.form[name];
                base[name] = this.base[name];
            }
        }
        return { values, base };
    }

    /** Return the names of touched fields that hold something else by now. */
    meanwhile() {
        return Object.keys(this.changed().values).filter(
            (name) => !same(this.base[name], this.shown[name])
        );
    }

    /** Let go of fields whose change is on its way; what was typed since is kept. */
    sent(values) {
        for (const [name, value] of Object.entries(values)) {
            if (same(this.form[name], value)) {
                delete this.base[name];
            } else {
                this.base[name] = value;
            }
        }
    }
}

/**
 * A form whose values stay on the phone as a draft until they are saved.
 *
 * The draft holds the changed fields only, each with what was shown when he began to type
 * ({@link Typing}). Drafts of before held the whole form and not what was shown: where a record
 * says something else by now, both are shown and nothing of it is sent before he has chosen.
 */
export class DraftForm extends Component {
    setup() {
        this.service = useEnv().store;
        this.act = useActing();
        this.store = useState(this.service.state);
        this.form = useState({});
        this.typing = new Typing(this.startValues(this.props), this.form);
        // What a draft of before says otherwise than the record: undecided.
        this.old = useState({ values: {} });
        this.takeDraft(this.service.draft(this.key));
        onWillUpdateProps((props) => this.typing.follow(this.startValues(props)));
    }

    /** Tell whether the form changes a record that others change too. */
    get editing() {
        return false;
    }

    takeDraft(draft) {
        const { values = {}, base, old = {} } = draft || {};
        const known = (name) => name in this.typing.shown;
        for (const name of Object.keys(values).filter(known)) {
            if (base && name in base) {
                this.typing.base[name] = base[name];
                this.form[name] = values[name];
            } else if (!this.editing) {
                this.typing.set(name, values[name]);
            } else if (!same(values[name], this.typing.shown[name])) {
                this.old.values[name] = values[name];
            }
        }
        for (const name of Object.keys(old).filter(known)) {
            this.old.values[name] = old[name];
        }
        this.typing.follow(this.typing.shown);
    }

    typed(name, ev) {
        this.set(name, ev.target.type === "checkbox" ? ev.target.checked : ev.target.value);
    }

    set(name, value) {
        this.typing.set(name, value);
        this.keep();
    }

    /** Keep what was changed on the phone; nothing changed, nothing kept. */
    keep() {
        const { values, base } = this.typing.changed();
        const old = this.old.values;
        if (Object.keys(values).length || Object.keys(old).length) {
            return this.service.keepDraft(this.key, { values, base, old });
        }
        return this.service.dropDraft(this.key);
    }

    /** Return the values that were changed, and what was shown of them when he began. */
    changed(names) {
        return this.typing.changed(names);
    }

    /**
     * A change is on its way, or safe on the phone: drop its draft.
     *
     * @param {boolean} done false leaves the form as it is
     * @param {Object} [values] what was sent; without it, all of the form
     */
    async saved(done, values = { ...this.form }) {
        if (done) {
            this.typing.sent(values);
            this.typing.follow(this.startValues(this.props));
            await this.keep();
            this.props.close?.();
        }
        return done;
    }

    cancel() {
        this.service.dropDraft(this.key);
        this.props.close();
    }

    // -- what somebody else has written meanwhile ------------------------------------------------

    /** How fields are called; forms that change records say so. */
    get labels() {
        return {};
    }

    words(name, value) {
        return value || _t("nothing");
    }

    /** Return what he typed and what the record says by now, where that is another thing. */
    get meanwhile() {
        const fresh = this.editing ? this.typing.meanwhile() : [];
        const fields = fresh.map((name) => [name, this.form[name]]);
        for (const [name, value] of Object.entries(this.old.values)) {
            if (!fresh.includes(name) && !same(value, this.form[name])) {
                fields.push([name, value]);
            }
        }
        return fields.map(([name, yours]) => ({
            name,
            label: this.labels[name] || name,
            yours: this.words(name, yours),
            theirs: this.words(name, this.typing.shown[name]),
        }));
    }

    /** He has seen both: what he typed is to hold. */
    useMine(name) {
        const value = name in this.old.values ? this.old.values[name] : this.form[name];
        delete this.old.values[name];
        this.typing.base[name] = this.typing.shown[name];
        this.form[name] = value;
        this.keep();
        this.render();
    }

    /** He has seen both: what the record says stays. */
    keepTheirs(name) {
        delete this.old.values[name];
        delete this.typing.base[name];
        this.form[name] = this.typing.shown[name];
        this.keep();
        this.render();
    }
}
