/*
 * What a page's document is checked for, after the Web Content Accessibility Guidelines 2.1, level AA.
 * Evaluates to the list of what is wrong, each with the guideline's number.
 */
(() => {
    const wrong = [];
    const shown = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const say = (guideline, element, what) =>
        wrong.push(`${guideline} <${element.localName} id="${element.id}" class="${element.className}">: ${what}`);
    const textOf = element => element.textContent.trim();
    const labelledBy = element => (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean)
        .map(id => document.getElementById(id)).filter(Boolean).map(textOf).join(' ');
    const nameOf = element => labelledBy(element) || element.getAttribute('aria-label')?.trim()
        || [...element.labels ?? []].map(textOf).join(' ') || element.title?.trim();
    const all = selector => [...document.querySelectorAll(selector)].filter(shown);

    if (!document.documentElement.lang) say('3.1.1', document.documentElement, 'names no language');
    if (!document.title) say('2.4.2', document.documentElement, 'has no title');

    const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
    ids.filter((id, index) => ids.indexOf(id) !== index).forEach(id => say('4.1.2', document.getElementById(id), 'id given twice'));
    for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-controls']) {
        all(`[${attribute}]`).forEach(element => element.getAttribute(attribute).split(/\s+/)
            .filter(id => !document.getElementById(id))
            .forEach(id => say('1.3.1', element, `${attribute} names ${id}, which is not there`)));
    }
    document.querySelectorAll('label[for]').forEach(label => {
        if (!document.getElementById(label.htmlFor)) say('1.3.1', label, 'is for nothing');
    });

    document.querySelectorAll('img:not([alt])').forEach(image => say('1.1.1', image, 'has no alt'));
    all('input, select, textarea, progress, dialog, [role="tree"], [role="menu"]').forEach(element => {
        if (!nameOf(element)) say('4.1.2', element, 'has no name');
    });
    all('iframe').forEach(frame => { if (!frame.title) say('4.1.2', frame, 'has no title'); });
    all('button, a[href], [role="button"], [role="menuitem"], [role="tab"], [role="treeitem"]').forEach(element => {
        if (!nameOf(element) && !textOf(element)) say('4.1.2', element, 'has no name');
    });
    all('fieldset').forEach(group => {
        if (!textOf(group.querySelector('legend') ?? document.createElement('i'))) say('1.3.1', group, 'has no legend');
    });
    all('th').forEach(cell => {
        if (!cell.scope) say('1.3.1', cell, 'has no scope');
        if (!textOf(cell)) say('1.3.1', cell, 'is empty');
    });
    all('[tabindex]').forEach(element => { if (element.tabIndex > 0) say('2.4.3', element, 'is taken out of the order'); });
    all('[aria-hidden="true"] :is(button, input, a[href])').forEach(element => say('4.1.2', element, 'is hidden and takes the focus'));
    const levels = all('h1, h2, h3, h4').map(heading => Number(heading.localName[1]));
    levels.forEach((level, index) => {
        if (index > 0 && level > levels[index - 1] + 1) say('1.3.1', document.body, `h${level} follows h${levels[index - 1]}`);
    });

    // 1.4.3: the contrast of text with the colours below it.
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = color => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
        return { rgb: [red, green, blue], alpha: alpha / 255 };
    };
    const over = (top, below) => top.rgb.map((value, index) => value * top.alpha + below[index] * (1 - top.alpha));
    const background = element => {
        const own = rgba(getComputedStyle(element).backgroundColor);
        if (own.alpha === 1) return own.rgb;
        return over(own, element.parentElement ? background(element.parentElement) : [255, 255, 255]);
    };
    const luminance = rgb => rgb
        .map(value => value / 255)
        .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    all('body *').forEach(element => {
        const own = [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (own.length === 0 || element.closest('script, style, :disabled, .for-readers')) return;
        const style = getComputedStyle(element);
        const below = background(element);
        const [light, dark] = [luminance(over(rgba(style.color), below)), luminance(below)].toSorted((a, b) => b - a);
        const contrast = (light + 0.05) / (dark + 0.05);
        const pixels = parseFloat(style.fontSize);
        const large = pixels >= 24 || pixels >= 18.66 && Number(style.fontWeight) >= 700;
        if (contrast < (large ? 3 : 4.5)) {
            say('1.4.3', element, `"${textOf(element).slice(0, 30)}" has a contrast of ${contrast.toFixed(2)}`);
        }
    });
    return wrong;
})()
