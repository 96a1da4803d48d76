import { confirmationBox, modalBox } from './modal.js';

/**
 * The frames of the plugins and the client's end of `htmlClientSdk`: answers what their pages ask for.
 *
 * A message is taken only from a frame that was made here, and from this origin.
 */
export class Frames {
    #lab;
    #plugins;
    #user;
    #open = new Map();

    /** `user`: { locale, version, theme(), timeFormat() } */
    constructor(lab, plugins, user) {
        this.#lab = lab;
        this.#plugins = plugins;
        this.#user = user;
        addEventListener('message', event => this.#answer(event));
    }

    /** A frame for a page of a plugin; `about` is what the page may ask: { plugin, contextObjects?, customData?, … }. */
    frame(url, about) {
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms');
        frame.title = about.title ?? '';
        frame.src = url;
        this.#open.set(frame, about);
        return frame;
    }

    /** Opens a dialog of a plugin: { plugin, url, title, size, contextObjects?, customData?, onClosed? }. */
    openModal(modal) {
        const box = modalBox(modal, result => {
            this.#open.delete(frame);
            modal.onClosed?.(result);
            this.#lab.refresh();
        });
        const frame = this.frame(modal.url, { ...modal, box });
        box.show(frame);
    }

    /** Tells all open pages of an event. */
    tell(event, detail) {
        this.#forgetRemoved();
        this.#open.forEach((_, frame) => frame.contentWindow.postMessage({ htmlClientSdk: true, event, detail }, location.origin));
    }

    async #answer(event) {
        this.#forgetRemoved();
        const [frame, about] = [...this.#open].find(([each]) => each.contentWindow === event.source) ?? [];
        if (!frame || event.origin !== location.origin || event.data?.htmlClientSdk !== true) return;
        const { id, call, argument } = event.data;
        const result = await this.#call(call, argument, about);
        event.source?.postMessage({ htmlClientSdk: true, id, result }, location.origin);
    }

    async #call(call, argument, about) {
        switch (call) {
            case 'initialize': return {
                contextObjects: about.contextObjects ?? [],
                customData: about.customData ?? null,
                navigationData: about.navigationData ?? null,
                locale: this.#user.locale,
                theme: { name: this.#user.theme() },
                timeFormat: this.#user.timeFormat(),
                client: { type: 'HTML', version: this.#user.version },
                backend: backendOf(about.plugin, this.#lab.vcenter),
                publicViews: await this.#plugins.publicViews(about.plugin),
            };
            case 'getSessionInfo': return this.#lab.session().catch(() => null);
            case 'modal.open': return new Promise(resolve => this.openModal({
                plugin: about.plugin,
                url: about.plugin.path + argument.url,
                title: argument.title ?? '',
                accessibilityTitle: argument.accessibilityTitle,
                closable: argument.closable,
                size: argument.size ?? { width: 600, height: 400 },
                contextObjects: argument.contextObjects,
                customData: argument.customData,
                onClosed: resolve,
            }));
            case 'modal.openConfirmationModal': return new Promise(resolve => confirmationBox(argument, resolve));
            case 'modal.close': return about.box?.close(argument);
            case 'modal.setOptions': return about.box?.setOptions(argument);
            case 'navigateTo': return this.#navigate(about.plugin, argument, () => true);
            case 'navigateToRemotePluginView': return this.#navigate(
                this.#lab.plugins.find(each => each.key === argument.pluginId && each.key !== about.plugin.key), argument, view => view.isPublic);
            case 'navigateToClientView': return this.#lab.navigateToTab(
                argument.objectId?.split(':')[3], CLIENT_VIEWS.exec(argument.targetViewId)?.[1]);
            case 'refreshPluginItemsState': return this.#lab.refreshItems();
            default: return undefined;
        }
    }

    /** To a view of a plugin that may be navigated to; without a view, to the object alone. */
    async #navigate(plugin, { targetViewId, objectId, customData }, mayBe) {
        const id = objectId?.split(':')[3];
        if (!targetViewId) return this.#lab.select(id);
        const view = plugin && (await this.#plugins.viewsOf(plugin)).find(each => each.id === targetViewId && mayBe(each));
        if (view?.global) this.#lab.navigate({ view: { ...view.global, navigationData: customData } });
        else if (view) this.#lab.navigate({ objectId: id, viewId: targetViewId, pluginKey: plugin.key, data: customData });
    }

    #forgetRemoved() {
        [...this.#open.keys()].filter(frame => !frame.isConnected).forEach(frame => this.#open.delete(frame));
    }
}

/** The client's own views that the lab has, such as `vm.summary`. */
const CLIENT_VIEWS = /^(?:vm|host|datastore)\.(summary|monitor)(?:\.|$)/;

/** What the client tells a plugin's page of the plugin's servers; here there is one, that of the manifest. */
function backendOf(plugin, vcenter) {
    const path = plugin.path.replace(/\/$/, '');
    const server = { proxiedUrl: path, proxiedBaseUrl: path, type: 'MANIFEST_SERVER' };
    const byVCenter = { [vcenter]: [server] };
    return { allPluginBackendServers: [server], backendServersPerVc: byVCenter, backendServersPerVcObject: byVCenter };
}
