import { Lab } from './lab.js';
import { Plugins } from './plugins.js';
import { Frames } from './frames.js';
import { openMenu } from './menu.js';
import { defineInventory } from './inventory.js';
import { defineObject } from './object.js';
import { defineTasks } from './tasks.js';

const locale = new URLSearchParams(location.search).get('lang') ?? navigator.language;
const lab = new Lab();
const plugins = new Plugins(lab, locale);
const frames = new Frames(lab, plugins, { locale, theme: () => document.body.getAttribute('cds-theme') });

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
