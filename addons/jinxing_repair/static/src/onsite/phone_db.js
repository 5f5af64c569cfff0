const STORES = { outbox: "seq", drafts: "key", jobs: "id", meta: "key" };

function done(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/**
 * What stays on the phone, one database a user: changes to be sent, drafts, the last data.
 *
 * Where the browser keeps nothing (private window), it lives as long as the page; `lasting`
 * tells, so that the page can say so.
 */
export class PhoneDB {
    constructor(userId) {
        this.name = `jinxing-onsite-${userId}`;
        this.lasting = true;
        this.memory = {};
        this.next = 1;
    }

    async open() {
        try {
            const request = indexedDB.open(this.name, 1);
            request.onupgradeneeded = () => {
                for (const [store, keyPath] of Object.entries(STORES)) {
                    request.result.createObjectStore(store, {
                        keyPath, autoIncrement: store === "outbox",
                    });
                }
            };
            this.db = await done(request);
            this.db.onversionchange = () => this.db.close();
        } catch {
            this.lasting = false;
            for (const store of Object.keys(STORES)) {
                this.memory[store] = new Map();
            }
        }
        return this;
    }

    store(name, mode = "readonly") {
        return this.db.transaction(name, mode).objectStore(name);
    }

    async all(name) {
        if (!this.lasting) {
            return [...this.memory[name].values()];
        }
        return done(this.store(name).getAll());
    }

    async get(name, key) {
        if (!this.lasting) {
            return this.memory[name].get(key);
        }
        return done(this.store(name).get(key));
    }

    /** Write a record and return its key once it is safely on the phone. */
    async put(name, record) {
        const plain = JSON.parse(JSON.stringify(record)); // no reactive wrappers
        if (!this.lasting) {
            const keyPath = STORES[name];
            plain[keyPath] ??= this.next++;
            this.memory[name].set(plain[keyPath], plain);
            return plain[keyPath];
        }
        const store = this.store(name, "readwrite");
        const key = done(store.put(plain));
        await new Promise((resolve, reject) => {
            store.transaction.oncomplete = resolve;
            store.transaction.onabort = () => reject(store.transaction.error);
        });
        return key;
    }

    async remove(name, key) {
        if (!this.lasting) {
            this.memory[name].delete(key);
            return;
        }
        await done(this.store(name, "readwrite").delete(key));
    }

    async clear(name) {
        if (!this.lasting) {
            this.memory[name].clear();
            return;
        }
        await done(this.store(name, "readwrite").clear());
    }
}
