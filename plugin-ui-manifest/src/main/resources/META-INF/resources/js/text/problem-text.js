import en from './problems-en.js';
import de from './problems-de.js';
import ja from './problems-ja.js';
import zh from './problems-zh.js';

/** The server speaks English; what is not in here it says itself. */
const KNOWN = { en, de, ja, zh };

/** Words of which a part is in English: screen readers must be told, so that they do not read it in the user's language. */
class Remark {
    /** `parts`: [string or { words, lang }] */
    constructor(parts) { this.parts = parts.filter(Boolean); }

    toString() { return this.parts.map(part => part.words ?? part).join(''); }
}

/** A line of the server, as `element` and `fillWords` take it. */
export function serverText(words, text) {
    return words && text.language !== 'en' ? new Remark([{ words, lang: 'en' }]) : words ?? '';
}

/** What to tell the user of a Problem: in the user's language as far as its kind is known, else the server's own line. */
export function problemText(problem, text) {
    if (problem.name === 'unreachable' || problem.name === 'no-session') return text(`problem.${problem.name}`);
    if (problem.status === 401) return text('problem.no-session');
    return remarkText({ type: problem.name, detail: problem.detail || problem.message, remedy: problem.remedy }, text);
}

/** The same for a refusal or a warning of a plan: { type, detail, remedy }. */
export function remarkText({ type, detail, remedy }, text) {
    const name = String(type ?? '').split('/').pop();
    const known = KNOWN[text.language.slice(0, 2)]?.[name];
    if (known === undefined) return serverText(withRemedy(detail, remedy), text);
    const [before, after] = known.split('{detail}');
    return after === undefined ? known : new Remark([before, { words: detail, lang: 'en' }, after]);
}

/** The server's line with what to do about it, unless it says that itself, which it does behind a semicolon. */
export function withRemedy(detail, remedy) {
    return !remedy || detail.includes('; ') || detail.includes(remedy) ? detail : `${detail}; ${remedy}`;
}

/** All of them, for the test that each language has them. */
export const allProblems = KNOWN;
