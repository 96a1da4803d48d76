/**
 * The plugins of the client, as their manifests describe them, in the user's language.
 *
 *   menuFor(objects)   the sub-menus of the objects' context menu: [{ title, icon, actions }]
 *   cardsFor(object)   the plugins' cards on Summary: [{ id, plugin, title, url }]
 *   viewsFor(object)   the plugins' views below Monitor: [{ id, plugin, category, title, url }]
 *   globalViews()      [{ id, plugin, title, icon, url }]
 *   viewsOf(plugin), publicViews(plugin)   what can be navigated to
 */
export class Plugins {
    #lab;
    #locale;
    #manifests = new Map();

    /** Before 8.0 U3 the client did not know `relevant`, and an action that was not visible was not there. */
    #greys;

    constructor(lab, locale, version) {
        this.#lab = lab;
        this.#locale = locale;
        this.#greys = version.localeCompare('8.0.3', undefined, { numeric: true }) >= 0;
    }

    async menuFor(objects) {
        const menus = await Promise.all(this.#lab.plugins.map(plugin => this.#menu(plugin, objects)));
        return menus.filter(menu => menu?.actions.some(action => !action.separator));
    }

    async viewsFor(object) {
        const views = await Promise.all(this.#lab.plugins.map(async plugin => {
            const manifest = await this.#manifest(plugin);
            const monitor = manifest?.objects?.[object.type]?.monitor;
            if (!monitor) return [];
            const items = await this.#dynamicItems(plugin, monitor.dynamicUri, [object]);
            return monitor.views
                .filter(view => !view.dynamic || items.get(view.navigationId)?.visible)
                .map(view => ({
                    id: view.navigationId,
                    plugin,
                    category: this.#text(manifest, manifest.configuration.nameKey),
                    title: this.#text(manifest, view.labelKey),
                    url: plugin.path + view.uri,
                }));
        }));
        return views.flat();
    }

    async cardsFor(object) {
        const cards = await Promise.all(this.#lab.plugins.map(async plugin => {
            const manifest = await this.#manifest(plugin);
            const summary = manifest?.objects?.[object.type]?.summary;
            if (!summary) return [];
            const items = await this.#dynamicItems(plugin, summary.dynamicUri, [object]);
            const { view } = summary;
            return !view.dynamic || items.get(view.id)?.visible
                ? [{ id: view.id, plugin, title: this.#text(manifest, manifest.configuration.nameKey), url: plugin.path + view.uri }]
                : [];
        }));
        return cards.flat();
    }

    async globalViews() {
        const views = await Promise.all(this.#lab.plugins.map(async plugin => {
            const manifest = await this.#manifest(plugin);
            const view = manifest?.global?.view;
            return view ? [{
                id: view.navigationId,
                plugin,
                title: this.#text(manifest, manifest.configuration.nameKey),
                icon: this.#icon(plugin, manifest, manifest.configuration.icon),
                url: plugin.path + view.uri,
            }] : [];
        }));
        return views.flat();
    }

    /** All views of a plugin, whether they apply now or not: [{ id, isPublic, global? }] with the global view itself. */
    async viewsOf(plugin) {
        const manifest = await this.#manifest(plugin);
        const global = (await this.globalViews()).find(view => view.plugin.key === plugin.key);
        const inTabs = Object.values(manifest?.objects ?? {}).flatMap(type => [type.monitor, type.configure])
            .flatMap(category => category?.views ?? []);
        return [
            ...global ? [{ id: global.id, isPublic: Boolean(manifest.global.view.isPublic), global }] : [],
            ...inTabs.map(view => ({ id: view.navigationId, isPublic: Boolean(view.isPublic) })),
        ];
    }

    /** The views to which other plugins than this one let others navigate: { key: [id] }. */
    async publicViews(own) {
        const others = this.#lab.plugins.filter(plugin => plugin.key !== own.key);
        const views = await Promise.all(others.map(async plugin =>
            [plugin.key, (await this.viewsOf(plugin)).filter(view => view.isPublic).map(view => view.id)]));
        return Object.fromEntries(views.filter(([, ids]) => ids.length > 0));
    }

    async #menu(plugin, objects) {
        const manifest = await this.#manifest(plugin);
        const menu = manifest?.objects?.[objects[0].type]?.menu;
        if (!menu) return undefined;
        const items = await this.#dynamicItems(plugin, menu.dynamicUri, objects);
        return {
            title: this.#text(manifest, manifest.configuration.nameKey),
            icon: this.#icon(plugin, manifest, manifest.configuration.icon),
            actions: betweenActions(menu.actions.map(action => action.type === 'separator'
                ? { separator: true } : this.#entry(plugin, manifest, action, objects, items)).filter(Boolean)),
        };
    }

    /** The entry of an action; undefined if it is not in the menu. */
    #entry(plugin, manifest, action, objects, items) {
        if (objects.length > 1 && !action.acceptsMultipleTargets) return undefined;
        const item = action.dynamic ? items.get(action.id) : { visible: true };
        if (!item || !item.visible && (!this.#greys || item.relevant === false)) return undefined;
        return {
            label: this.#text(manifest, action.labelKey),
            icon: this.#icon(plugin, manifest, action.icon),
            enabled: item.visible,
            modal: {
                plugin,
                url: plugin.path + action.trigger.uri,
                title: this.#text(manifest, action.trigger.titleKey ?? action.labelKey),
                accessibilityTitle: action.trigger.accessibilityTitleKey && this.#text(manifest, action.trigger.accessibilityTitleKey),
                size: action.trigger.size,
                contextObjects: objects.map(object => ({ id: this.#lab.urn(object) })),
            },
        };
    }

    /** Asks the plugin's server which of its dynamic items apply. When it does not answer, none does. */
    async #dynamicItems(plugin, uri, objects) {
        if (!uri) return new Map();
        const session = await this.#lab.session();
        const response = await fetch(plugin.path + uri, {
            method: 'POST',
            headers: {
                'accept': 'application/json',
                'content-type': 'application/json',
                'vmware-api-session-id': session?.sessionToken ?? '',
            },
            body: JSON.stringify({
                apiVersion: '1.0.0',
                objectIds: objects.map(object => this.#lab.urn(object)),
                locale: this.#locale,
            }),
        });
        const items = response.ok ? (await response.json()).dynamicItems : [];
        return new Map(items.map(item => [item.id, item]));
    }

    #manifest(plugin) {
        const key = plugin.path + plugin.manifest;
        if (!this.#manifests.has(key)) this.#manifests.set(key, this.#load(key));
        return this.#manifests.get(key);
    }

    async #load(url) {
        const response = await fetch(url);
        if (response.ok) return response.json();
        this.#manifests.delete(url);
        return undefined;
    }

    #text(manifest, key) {
        const { locales, definitions } = manifest.definitions.i18n;
        const locale = locales.find(each => each === this.#locale)
            ?? locales.find(each => each.slice(0, 2) === this.#locale.slice(0, 2)) ?? locales[0];
        return definitions[key]?.[locale] ?? key;
    }

    /** A tile of the plugin's sprite sheet for each theme. */
    #icon(plugin, manifest, icon) {
        const light = manifest.definitions.iconSpriteSheet;
        if (!icon || !light?.definitions[icon.name]) return undefined;
        const dark = light.themeOverrides?.dark ?? light;
        const tile = sheet => ({ url: plugin.path + sheet.uri, ...sheet.definitions[icon.name] });
        return { light: tile(light), dark: tile(dark) };
    }
}

/** Separators only where there is an action on both sides. */
function betweenActions(entries) {
    return entries.filter((entry, index) => !entry.separator
        || index > 0 && !entries[index - 1].separator && entries.slice(index).some(each => !each.separator));
}
