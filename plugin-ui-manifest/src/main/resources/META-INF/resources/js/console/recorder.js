import { linesOf } from './lines.js';

const KEY = 'org.vmfinalize.console';
const KEPT = 50;

/**
 * What was clicked lately in any page of the plugin in this tab, the newest first. It holds names and ids, no secret,
 * and is gone with the tab.
 */
export function recorded() {
    try {
        const list = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
        return Array.isArray(list) ? list : [];
    } catch {
        return [];
    }
}

/** Remembers an action; see linesOf. */
export function record(action) {
    const entry = { at: Date.now(), ...linesOf(action) };
    try {
        sessionStorage.setItem(KEY, JSON.stringify([entry, ...recorded()].slice(0, KEPT)));
    } catch {
        // The browser keeps nothing: then the console shows nothing.
    }
}

/** Forgets all. */
export function clearRecorded() { sessionStorage.removeItem(KEY); }

/** Calls `listener` when another page has recorded something; gives what ends that. */
export function onRecorded(listener) {
    const told = event => { if (event.key === KEY) listener(); };
    addEventListener('storage', told);
    return () => removeEventListener('storage', told);
}
