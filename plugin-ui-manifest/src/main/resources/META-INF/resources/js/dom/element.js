/** An element with a class and words. Words are never taken as markup. */
export function element(tag, className = '', words = '') {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (words !== '') fillWords(made, words);
    return made;
}

/** Puts words into a place; parts of them that are in another language are marked as such. */
export function fillWords(place, words) {
    const parts = words?.parts ?? [words ?? ''];
    place.replaceChildren(...parts.map(part => {
        if (!part.lang) return part;
        const marked = element('span', '', part.words);
        marked.lang = part.lang;
        return marked;
    }));
}

/** A button of Clarity. */
export function button(words, className, press) {
    const made = element('button', `btn ${className}`, words);
    made.type = 'button';
    made.onclick = press;
    return made;
}

/** The constant markup of an alert; `fillAlert` says what it is about. */
export const ALERT = `<div class="alert alert-danger" role="alert" hidden>
    <div class="alert-items"><div class="alert-item static"><span class="alert-text"></span></div></div></div>`;

/** Shows words in the first alert of a page, or hides it when there are none. */
export function fillAlert(place, words) {
    const alert = place.querySelector('.alert');
    alert.hidden = !words;
    fillWords(alert.querySelector('.alert-text'), words);
}

/** Puts other buttons into a place; the first of them takes over the focus if it was there, which else would be lost. */
export function replaceButtons(place, buttons) {
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren(...buttons);
    if (hadFocus) buttons[0]?.focus();
}

/** Puts the messages into the elements that name them by `data-text`. */
export function fillTexts(place, text) {
    place.querySelectorAll('[data-text]').forEach(each => { each.textContent = text(each.dataset.text); });
}
