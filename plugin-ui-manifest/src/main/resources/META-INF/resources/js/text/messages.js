import en from './en.js';
import de from './de.js';
import ja from './ja.js';
import zh from './zh.js';

const LANGUAGES = { en, de, ja, zh };

/**
 * The words of the page in the user's language, English where there is no translation.
 *
 *   text('disks', { count: 2 })   the message with its {names} filled in
 *   text.language                 what was chosen, for the page's `lang`: `zh-CN` for Chinese
 */
export function messagesFor(locale) {
    const wanted = String(locale ?? '').slice(0, 2).toLowerCase();
    const language = Object.hasOwn(LANGUAGES, wanted) ? wanted : 'en';
    const text = (key, values = {}) => {
        const message = LANGUAGES[language][key] ?? en[key] ?? key;
        return message.replaceAll(/\{(\w+)\}/g, (_, name) => isolated(String(values[name] ?? '')));
    };
    return Object.assign(text, { language: language === 'zh' ? 'zh-CN' : language });
}

/** A name that is written from right to left, or says so, must not turn the words around it. */
function isolated(value) {
    return /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(value) ? `\u2068${value}\u2069` : value;
}

/** All languages, for the test that none of them lacks a message. */
export const allMessages = LANGUAGES;
