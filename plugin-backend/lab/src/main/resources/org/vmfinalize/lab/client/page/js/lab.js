const REFRESH_MILLISECONDS = 1000;

/** The state of the lab's vCenter, asked for every second, and which object is selected. */
export class Lab {
    #changed = [];
    #failed = [];
    #selected = [];
    #navigated = [];
    #items = [];

    vcenter = '';
    userName = '';
    objects = [];
    tasks = [];
    plugins = [];
    managedKinds = [];
    selected = undefined;

    onChange(listener) { this.#changed.push(listener); }

    onFailure(listener) { this.#failed.push(listener); }

    onSelect(listener) { this.#selected.push(listener); }

    async start() {
        await this.refresh();
        setInterval(() => this.refresh(), REFRESH_MILLISECONDS);
    }

    async refresh() {
        try {
            const response = await fetch('/lab/state', { cache: 'no-store' });
            if (!response.ok) throw new Error(`HTTP ${response.status}`);
            Object.assign(this, await response.json());
        } catch (failure) {
            this.#failed.forEach(listener => listener(failure));
            return;
        }
        if (!this.object(this.selected)) this.select(this.#first()?.id);
        this.#changed.forEach(listener => listener());
    }

    select(id) {
        this.selected = id;
        this.#selected.forEach(listener => listener(id));
    }

    onNavigate(listener) { this.#navigated.push(listener); }

    /** Shows a plugin's view: a global one, or { viewId, pluginKey, data } of an object, else of the selected one. */
    navigate({ view, objectId, ...wanted }) {
        if (!view) this.select(objectId ?? this.selected);
        this.#navigated.forEach(listener => listener(view ? { view } : { tab: 'monitor', ...wanted }));
    }

    /** Shows a tab of the client's own: `summary` or `monitor`. */
    navigateToTab(objectId, tab) {
        if (!tab) return;
        if (objectId) this.select(objectId);
        this.#navigated.forEach(listener => listener({ tab }));
    }

    onItems(listener) { this.#items.push(listener); }

    /** Has the plugins asked anew which of their cards and views apply. */
    async refreshItems() {
        await this.refresh();
        this.#items.forEach(listener => listener());
    }

    object(id) { return this.objects.find(object => object.id === id); }

    urn(object) { return `urn:vmomi:${object.type}:${object.id}:${this.vcenter}`; }

    /** The kind of objects that an extension manages and that this one is of, if any. */
    managedKind(object) {
        return this.managedKinds.find(kind =>
            kind.extensionKey === object.managedBy?.extensionKey && kind.type === object.managedBy?.type);
    }

    async session() {
        const response = await fetch('/lab/session', { method: 'POST' });
        return response.ok ? response.json() : null;
    }

    /** Asks a task to end early; whether it does shows in the list. */
    async cancelTask(id) {
        await fetch(`/lab/tasks/${encodeURIComponent(id)}/cancel`, { method: 'POST' });
        await this.refresh();
    }

    #first() {
        return this.objects.find(object => object.managedBy)
            ?? this.objects.find(object => object.type === 'VirtualMachine') ?? this.objects[0];
    }
}
