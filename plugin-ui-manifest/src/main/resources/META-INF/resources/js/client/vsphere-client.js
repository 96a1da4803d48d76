/**
 * The vSphere Client around this frame, seen through its `htmlClientSdk`.
 *
 * Resolves to undefined when there is no client: the page was opened by itself.
 */
export async function connectClient(sdk) {
    if (!sdk) return undefined;
    await new Promise(resolve => sdk.initialize(resolve));
    return new VSphereClient(sdk);
}

class VSphereClient {
    #sdk;

    constructor(sdk) { this.#sdk = sdk; }

    get locale() { return this.#sdk.app.getClientLocale() ?? 'en-US'; }

    get theme() { return this.#sdk.app.getTheme()?.name ?? 'light'; }

    /** The managed object ids (such as `vm-58`) that the view or the action is about. */
    get objectIds() {
        const custom = this.#sdk.modal.getCustomData?.();
        if (Array.isArray(custom?.objectIds)) return custom.objectIds;
        return (this.#sdk.app.getContextObjects() ?? []).map(object => managedObjectId(object.id));
    }

    /** What the page that opened this dialog gave it. */
    get customData() { return this.#sdk.modal.getCustomData?.() ?? {}; }

    /** The user's plugin session token; asked for each time, since the client renews it. */
    sessionToken() {
        return new Promise((resolve, reject) => this.#sdk.app.getSessionInfo(info =>
            info?.sessionToken ? resolve(info.sessionToken) : reject(new Error('no session'))));
    }

    onThemeChanged(listener) { this.#sdk.event.onThemeChanged(theme => listener(theme.name)); }

    /** The user has chosen another way to write times. */
    onTimeFormatChanged(listener) { this.#sdk.event.onDateTimeFormatChanged?.(listener); }

    onGlobalRefresh(listener) { this.#sdk.event.onGlobalRefresh(listener); }

    formatTime(milliseconds) {
        return this.#sdk.app.formatDateTime(milliseconds, { format: 'DATE_AND_TIME' });
    }

    /** Opens one of the plugin's own pages for the given objects. */
    openModal({ url, title, size, objectIds, data, onClosed }) {
        this.#sdk.modal.open({ url, title, accessibilityTitle: title, size, customData: { ...data, objectIds }, onClosed });
    }

    /** Another title for this dialog, such as for several objects. */
    setModalTitle(title) { this.#sdk.modal.setOptions?.({ title, accessibilityTitle: title }); }

    closeModal(result) { this.#sdk.modal.close(result); }

    /** Shows another of the plugin's own views, of the given object if there is one. */
    navigateTo(targetViewId, objectId) { this.#sdk.app.navigateTo({ targetViewId, objectId }); }

    /** The full id of the object that the view is about, as `navigateTo` takes it. */
    get contextObjectId() { return this.#sdk.app.getContextObjects()?.[0]?.id; }

    /** Lets the client ask again which menu entries and views apply. Clients before 8.0 cannot. */
    refreshPluginItems() { this.#sdk.app.refreshPluginItemsState?.(); }
}

/** `urn:vmomi:VirtualMachine:vm-58:GUID` names the object in its fourth part. */
function managedObjectId(urn) {
    return String(urn).split(':')[3] ?? '';
}
