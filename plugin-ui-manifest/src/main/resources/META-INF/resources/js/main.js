import { connectClient } from './client/vsphere-client.js';
import { PluginServer } from './server/plugin-server.js';
import { messagesFor } from './text/messages.js';
import { formatsFor } from './text/format.js';
import { defineFinalizeDialog } from './finalize/finalize-dialog.js';
import { defineFinalizeMany } from './finalize/finalize-many.js';
import { defineProgress } from './finalization/progress.js';
import { defineOverview } from './overview/overview.js';
import { defineVmMonitor } from './monitor/vm-monitor.js';
import { defineDiskMap } from './monitor/disk-map.js';
import { defineVmChart } from './monitor/vm-chart.js';
import { defineVmCard } from './card/vm-card.js';
import { defineStepsDialog } from './steps/steps-dialog.js';
import { defineRunWizard } from './run/run-wizard.js';

/** What the client may open, by the part after the hash. */
const VIEWS = {
    '#/finalize': client => create(client.objectIds.length > 1 ? 'vf-finalize-many' : 'vf-finalize-dialog'),
    '#/pause': () => create('vf-steps-dialog', 'pause'),
    '#/resume': () => create('vf-steps-dialog', 'resume'),
    '#/cancel': () => create('vf-steps-dialog', 'cancel'),
    '#/discard': () => create('vf-steps-dialog', 'discard'),
    '#/run': () => create('vf-run-wizard'),
    '#/overview': () => create('vf-overview'),
    '#/vm-monitor': () => create('vf-vm-monitor'),
    '#/vm-card': () => create('vf-vm-card'),
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

    [defineProgress, defineDiskMap, defineVmChart, defineFinalizeDialog, defineFinalizeMany, defineStepsDialog,
        defineOverview, defineVmMonitor, defineVmCard, defineRunWizard].forEach(define => define());

    const element = (VIEWS[location.hash] ?? VIEWS['#/overview'])(client);
    element.context = {
        client,
        server: new PluginServer(() => client.sessionToken()),
        text,
        format: formatsFor(client.locale),
        locale: client.locale,
    };
    view.replaceChildren(element);
}

function create(name, step) {
    const element = document.createElement(name);
    if (step) element.setAttribute('step', step);
    return element;
}

/** Clarity's style sheet has both themes; until the client has told which, the page stays transparent. */
function followTheme(name) {
    document.body.setAttribute('cds-theme', name === 'dark' ? 'dark' : 'light');
}
