import { connectClient } from './client/vsphere-client.js';
import { PluginServer } from './server/plugin-server.js';
import { messagesFor } from './text/messages.js';
import { formatsFor } from './text/format.js';
import { defineFinalizeDialog } from './finalize/finalize-dialog.js';
import { defineProgress } from './finalization/progress.js';
import { defineOverview } from './overview/overview.js';
import { defineVmMonitor } from './monitor/vm-monitor.js';

/** What the client may open, by the part after the hash. */
const VIEWS = {
    '#/finalize': 'vf-finalize-dialog',
    '#/overview': 'vf-overview',
    '#/vm-monitor': 'vf-vm-monitor',
};

const view = document.getElementById('view');

const client = await connectClient(globalThis.htmlClientSdk);
if (client) {
    open(client);
} else {
    const text = messagesFor(navigator.language);
    document.documentElement.lang = text.language;
    followTheme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    view.textContent = text('client.missing');
}

function open(client) {
    const text = messagesFor(client.locale);
    document.documentElement.lang = text.language;
    followTheme(client.theme);
    client.onThemeChanged(followTheme);

    defineProgress();
    defineFinalizeDialog();
    defineOverview();
    defineVmMonitor();

    const element = document.createElement(VIEWS[location.hash] ?? VIEWS['#/overview']);
    element.context = {
        client,
        server: new PluginServer(() => client.sessionToken()),
        text,
        format: formatsFor(client.locale),
    };
    view.replaceChildren(element);
}

/** Clarity's style sheet has both themes; until the client has told which, the page stays transparent. */
function followTheme(name) {
    document.body.setAttribute('cds-theme', name === 'dark' ? 'dark' : 'light');
}
