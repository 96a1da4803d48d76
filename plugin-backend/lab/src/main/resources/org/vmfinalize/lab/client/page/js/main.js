import { Lab } from './lab.js';
import { Plugins } from './plugins.js';
import { Frames } from './frames.js';
import { openMenu } from './menu.js';
import { defineInventory } from './inventory.js';
import { defineObject } from './object.js';
import { defineTasks } from './tasks.js';

const wanted = new URLSearchParams(location.search);
const locale = wanted.get('lang') ?? navigator.language;
/** Which release's ways it has; the newest that the lab knows, if not told. */
const version = wanted.get('version') ?? '9.0.0';
let timeFormat = {};
const lab = new Lab();
const plugins = new Plugins(lab, locale, version);
const frames = new Frames(lab, plugins, {
    locale, version, theme: () => document.body.getAttribute('cds-theme'), timeFormat: () => timeFormat,
});

defineInventory({ lab, plugins, frames });
defineObject({ lab, plugins, frames, locale });
defineTasks({ lab, locale });

const pane = document.querySelector('lab-object');

lab.onChange(() => {
    document.getElementById('user').textContent = lab.userName.toUpperCase();
    document.getElementById('offline').hidden = true;
});
lab.onFailure(() => { document.getElementById('offline').hidden = false; });

document.getElementById('theme').onclick = () => {
    const theme = document.body.getAttribute('cds-theme') === 'dark' ? 'light' : 'dark';
    document.body.setAttribute('cds-theme', theme);
    frames.tell('themeChanged', { name: theme });
};

document.getElementById('refresh').onclick = () => {
    lab.refresh();
    frames.tell('globalRefresh');
};

/** What the client calls My Preferences: how times are written. */
document.getElementById('user').onclick = event => {
    const { right, bottom } = event.currentTarget.getBoundingClientRect();
    const choose = format => () => {
        timeFormat = format;
        frames.tell('dateTimeFormatChanged', format);
    };
    openMenu(right, bottom, [{ heading: 'Time format' }, { label: 'Of the language', press: choose({}) },
        { label: '12-hour', press: choose({ hour12: true }) }, { label: '24-hour', press: choose({ hourCycle: 'h23' }) }]);
};

document.getElementById('navigator').onclick = async event => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    const views = await plugins.globalViews();
    openMenu(left, bottom, [
        { label: 'Inventory', icon: { url: '/images/datacenter.svg' }, press: () => pane.showObject(lab.selected) },
        ...views.map(view => ({ label: view.title, icon: view.icon, press: () => pane.showGlobalView(view) })),
    ]);
};

lab.onSelect(id => pane.showObject(id));
await lab.start();
