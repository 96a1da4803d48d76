import { iconElement } from './icon.js';

/** Has the focus again once the menu is closed. */
let opener;

/**
 * Opens a menu at a point of the page; any click elsewhere, Escape or a choice closes it.
 *
 * An entry is { label, icon?, enabled?, press?, entries? }, { heading } or { separator }; `entries` open beside it.
 */
export function openMenu(x, y, entries) {
    closeMenu();
    opener = document.activeElement;
    const menu = build(entries, entries.find(entry => entry.heading)?.heading ?? 'Menu');
    menu.id = 'menu';
    menu.tabIndex = -1;
    document.querySelector('main').append(menu);
    menu.style.left = `${Math.min(x, innerWidth - menu.offsetWidth - 4)}px`;
    menu.style.top = `${Math.min(y, innerHeight - menu.offsetHeight - 4)}px`;
    (menu.querySelector('button:enabled') ?? menu).focus();
    menu.onkeydown = event => moveFocus(menu, event);
    setTimeout(() => document.addEventListener('pointerdown', closeOutside), 0);
}

export function closeMenu() {
    const menu = document.getElementById('menu');
    if (menu?.contains(document.activeElement)) opener.focus();
    menu?.remove();
    document.removeEventListener('pointerdown', closeOutside);
}

function closeOutside(event) {
    if (!event.target.closest?.('#menu')) closeMenu();
}

function build(entries, name) {
    const menu = document.createElement('ul');
    menu.className = 'menu';
    menu.setAttribute('role', 'menu');
    menu.setAttribute('aria-label', name);
    menu.append(...entries.map(entry => entry.separator ? separator() : entry.heading === undefined ? item(entry) : heading(entry.heading)));
    return menu;
}

function heading(words) {
    const element = document.createElement('li');
    element.className = 'menu-heading';
    element.setAttribute('role', 'presentation');
    element.textContent = words;
    return element;
}

function separator() {
    const element = document.createElement('li');
    element.className = 'menu-separator';
    element.setAttribute('role', 'separator');
    return element;
}

function item({ label, icon, enabled = true, press, entries }) {
    const element = document.createElement('li');
    element.setAttribute('role', 'none');
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('role', 'menuitem');
    button.disabled = !enabled;
    const words = document.createElement('span');
    words.textContent = label;
    button.append(iconElement(icon), words);
    element.append(button);
    if (entries) {
        button.setAttribute('aria-haspopup', 'menu');
        element.append(build(entries, label));
    }
    if (press) {
        button.onclick = () => {
            closeMenu();
            press();
        };
    }
    return element;
}

function moveFocus(menu, event) {
    const here = document.activeElement.closest('li');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') closeMenu();
    else if (event.key === 'ArrowRight') here?.querySelector(':scope > ul button:enabled')?.focus();
    else if (event.key === 'ArrowLeft') here?.parentElement.closest('li')?.querySelector('button')?.focus();
    else if (step && here) {
        const buttons = [...here.parentElement.children].map(each => each.querySelector(':scope > button:enabled')).filter(Boolean);
        buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length)?.focus();
    } else return;
    event.preventDefault();
}
