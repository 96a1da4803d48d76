/*
 * The JavaScript API that the vSphere Client gives to the pages of remote plugins, as far as it is documented. A page's
 * frame talks to the client by messages; nothing else of the client can be reached from it.
 */
(() => {
    const listeners = { themeChanged: [], globalRefresh: [], dateTimeFormatChanged: [] };
    const answers = new Map();
    let calls = 0;
    let context;
    let initializing;

    const ask = (call, argument) => new Promise(resolve => {
        const id = ++calls;
        answers.set(id, resolve);
        window.parent.postMessage({ htmlClientSdk: true, id, call, argument }, location.origin);
    });

    window.addEventListener('message', event => {
        if (event.source !== window.parent || event.origin !== location.origin || !event.data?.htmlClientSdk) return;
        const { id, result, event: name, detail } = event.data;
        if (name) {
            if (name === 'themeChanged' && context) context.theme = detail;
            if (name === 'dateTimeFormatChanged' && context) context.timeFormat = detail;
            // Only with the theme does the client tell what it has become.
            listeners[name]?.forEach(listener => name === 'themeChanged' ? listener(detail) : listener());
        } else {
            answers.get(id)?.(result);
            answers.delete(id);
        }
    });

    // Data that is passed to dialogs goes through JSON, as in the client.
    const plain = data => data === undefined ? undefined : JSON.parse(JSON.stringify(data));

    const isOld = () => context.client.version.localeCompare('8', undefined, { numeric: true }) < 0;

    /** What 7.0 does not have. */
    const LATER = [['app', 'refreshPluginItemsState'], ['app', 'getRemotePluginNavigationMap'],
        ['app', 'navigateToRemotePluginView'], ['modal', 'openSharedModal'], ['modal', 'getSharedModalsMap']];

    window.htmlClientSdk = {
        initialize(callback) {
            initializing ??= ask('initialize').then(answer => {
                context = answer;
                // What came later is not there in older clients.
                if (isOld()) LATER.forEach(([space, name]) => delete namespaces[space][name]);
                Object.assign(window.htmlClientSdk, namespaces);
            });
            initializing.then(() => callback?.());
        },
        isInitialized: () => context !== undefined,
        getProxiedPluginServerOrigin() {
            const path = /^\/plugins\/[^/]+\/[^/]+/.exec(location.pathname);
            return path ? location.origin + path[0] : null;
        },
    };

    const namespaces = {
        app: {
            getContextObjects: () => structuredClone(context.contextObjects),
            getSessionInfo: callback => { ask('getSessionInfo').then(session => callback(session)); },
            getClientLocale: () => context.locale,
            getTheme: () => ({ ...context.theme }),
            getClientInfo: () => ({ ...context.client }),
            getNavigationData: () => structuredClone(context.navigationData),
            getApiEndpoints() {
                const pathname = '/api/ui';
                return { uiApiEndpoint: { origin: location.origin, pathname, queryParams: [], fullUrl: location.origin + pathname } };
            },
            getPluginBackendInfo(callback) {
                const { backendServersPerVcObject, ...info } = structuredClone(context.backend);
                Promise.resolve().then(() => callback(isOld() ? info : { ...info, backendServersPerVcObject }));
            },
            formatDateTime(milliseconds, { format = 'DATE_AND_TIME' } = {}) {
                const style = {
                    DATE: { dateStyle: 'short' },
                    TIME: { timeStyle: 'medium' },
                    DATE_AND_TIME: { dateStyle: 'short', timeStyle: 'medium' },
                }[format];
                return new Intl.DateTimeFormat(context.locale, { ...style, ...context.timeFormat }).format(milliseconds);
            },
            navigateTo: options => { ask('navigateTo', plain(options)); },
            navigateToClientView: options => { ask('navigateToClientView', plain(options)); },
            getRemotePluginNavigationMap: () => structuredClone(context.publicViews),
            navigateToRemotePluginView: options => { ask('navigateToRemotePluginView', plain(options)); },
            refreshPluginItemsState: () => { ask('refreshPluginItemsState'); },
        },
        event: {
            onThemeChanged: listener => { listeners.themeChanged.push(listener); },
            onGlobalRefresh: listener => { listeners.globalRefresh.push(listener); },
            onDateTimeFormatChanged: listener => { listeners.dateTimeFormatChanged.push(listener); },
        },
        modal: {
            open({ onClosed, sanitizeData = true, ...modal }) {
                ask('modal.open', sanitizeData || isOld() ? plain(modal) : modal).then(result => onClosed?.(result));
            },
            openConfirmationModal({ buttons, onClosed, ...modal }) {
                if (buttons.length < 1 || buttons.length > 4) throw new Error(`a question has 1 to 4 buttons, not ${buttons.length}`);
                ask('modal.openConfirmationModal', { ...plain(modal), buttons: buttons.map(({ label, type, style }) => ({ label, type, style })) })
                    .then(pressed => {
                        buttons[pressed]?.callback?.();
                        onClosed?.();
                    });
            },
            // No plugin of the lab offers a dialog to others: how a manifest would do that is not documented.
            getSharedModalsMap: () => ({}),
            openSharedModal() {},
            close: data => { ask('modal.close', plain(data)); },
            setOptions: options => { ask('modal.setOptions', plain(options)); },
            getCustomData: () => structuredClone(context.customData),
        },
    };
})();
