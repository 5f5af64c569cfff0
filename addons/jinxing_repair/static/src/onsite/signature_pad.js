import { Component, onMounted, onWillUnmount, useEnv, useRef, useState } from "@odoo/owl";

const LINE = 2.6;

/** A field to sign in with the finger, with the name of who signs. */
export class SignaturePad extends Component {
    static template = "jinxing_repair.SignaturePad";
    static props = { button: String, name: { type: String, optional: true }, onSign: Function };

    setup() {
        this.canvas = useRef("canvas");
        this.store = useState(useEnv().store.state);
        this.form = useState({ name: this.props.name || "", drawn: false });
        this.fit = this.fit.bind(this);
        onMounted(() => {
            this.fit();
            window.addEventListener("resize", this.fit);
        });
        onWillUnmount(() => window.removeEventListener("resize", this.fit));
    }

    /** Give the canvas the pixels of the screen; a turn of the phone keeps what is drawn. */
    fit() {
        const canvas = this.canvas.el;
        const box = canvas.getBoundingClientRect();
        const kept = this.form.drawn ? canvas.toDataURL() : null;
        this.scale = Math.min(window.devicePixelRatio || 1, 2);
        canvas.width = Math.round(box.width * this.scale);
        canvas.height = Math.round(box.height * this.scale);
        this.pen = canvas.getContext("2d");
        Object.assign(this.pen, { lineWidth: LINE * this.scale, lineCap: "round", lineJoin: "round" });
        this.pen.strokeStyle = "#111";
        if (kept) {
            const image = new Image();
            image.onload = () => this.pen.drawImage(image, 0, 0, canvas.width, canvas.height);
            image.src = kept;
        }
    }

    place(ev) {
        const box = this.canvas.el.getBoundingClientRect();
        return [(ev.clientX - box.left) * this.scale, (ev.clientY - box.top) * this.scale];
    }

    down(ev) {
        this.drawing = true;
        try {
            this.canvas.el.setPointerCapture(ev.pointerId);
        } catch {
            // a pointer that is gone already
        }
        this.pen.beginPath();
        this.pen.moveTo(...this.place(ev));
    }

    move(ev) {
        if (this.drawing) {
            this.pen.lineTo(...this.place(ev));
            this.pen.stroke();
            this.form.drawn = true;
        }
    }

    up() {
        this.drawing = false;
    }

    clear() {
        this.pen.clearRect(0, 0, this.canvas.el.width, this.canvas.el.height);
        this.form.drawn = false;
    }

    get ready() {
        return this.form.drawn && this.form.name.trim() && !this.store.busy;
    }

    sign() {
        this.props.onSign({
            name: this.form.name.trim(),
            signature: this.canvas.el.toDataURL("image/png"),
        });
    }
}
