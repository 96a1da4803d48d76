/** The client's part of a dialog: title bar, X and frame. The page inside draws all the rest. */
export function modalBox({ title, accessibilityTitle, closable = true, size: { width, height } }, closed) {
    const { dialog, heading } = build(title);
    if (accessibilityTitle) name(dialog, accessibilityTitle);
    makeClosable(dialog, closable);

    let frame;
    let result;
    const close = data => {
        result = data;
        dialog.close();
    };
    dialog.querySelector('button').onclick = () => close();
    dialog.onclose = () => {
        dialog.remove();
        closed(result);
    };

    return {
        close,
        show(content) {
            frame = content;
            frame.style.width = `${width}px`;
            frame.style.height = `${height}px`;
            dialog.append(frame);
            document.body.append(dialog);
            dialog.showModal();
            frame.focus();
        },
        setOptions(options) {
            if (options.title !== undefined) heading.textContent = options.title;
            if (options.accessibilityTitle) name(dialog, options.accessibilityTitle);
            if (options.height !== undefined) frame.style.height = `${options.height}px`;
        },
    };
}

/** How Clarity draws the styles of buttons, and the levels of alerts. */
const BUTTONS = { SUCCESS: 'success', INFO: 'primary', WARNING: 'warning', DANGER: 'danger' };
const ALERTS = { SUCCESS: '✓', INFO: 'i', WARNING: '!', DANGER: '!' };

/**
 * A question of the client's own: { title?, secondaryTitle?, accessibilityTitle?, content, alertLevel?, closable?, size?: { width },
 * buttons: [{ label, type, style }] }; tells which button was pressed.
 */
export function confirmationBox({ title = '', secondaryTitle, accessibilityTitle, content, alertLevel, closable = true, size, buttons }, answered) {
    const { dialog, heading } = build(title);
    dialog.classList.add('confirmation');
    if (size) dialog.style.width = `${size.width}px`;
    if (accessibilityTitle) name(dialog, accessibilityTitle);
    makeClosable(dialog, closable);
    if (secondaryTitle) {
        const second = document.createElement('small');
        second.textContent = secondaryTitle;
        heading.append(' ', second);
    }
    let pressed;
    const words = document.createElement('p');
    if (alertLevel in ALERTS) {
        const sign = document.createElement('span');
        sign.className = `alert-level level-${BUTTONS[alertLevel]}`;
        sign.setAttribute('aria-hidden', 'true');
        sign.textContent = ALERTS[alertLevel];
        words.append(sign);
    }
    words.append(content);
    const footer = document.createElement('footer');
    footer.append(...buttons.map(({ label, type, style }, index) => {
        const button = document.createElement('button');
        button.type = 'button';
        const look = BUTTONS[style] ?? 'primary';
        button.className = type === 'PRIMARY' ? `btn btn-${look}` : `btn btn-outline btn-${look}-outline`;
        button.textContent = label;
        button.onclick = () => {
            pressed = index;
            dialog.close();
        };
        return button;
    }));
    dialog.querySelector('.title-bar button').onclick = () => dialog.close();
    dialog.onclose = () => {
        dialog.remove();
        answered(pressed);
    };
    dialog.append(words, footer);
    document.body.append(dialog);
    dialog.showModal();
}

function name(dialog, words) {
    dialog.removeAttribute('aria-labelledby');
    dialog.setAttribute('aria-label', words);
}

function makeClosable(dialog, closable) {
    dialog.querySelector('.title-bar button').hidden = !closable;
    dialog.oncancel = event => { if (!closable) event.preventDefault(); };
}

function build(title) {
    const dialog = document.createElement('dialog');
    dialog.innerHTML = '<div class="title-bar"><h2 id="modal-title"></h2><button type="button" aria-label="Close">✕</button></div>';
    const heading = dialog.querySelector('h2');
    heading.textContent = title;
    dialog.setAttribute('aria-labelledby', heading.id);
    return { dialog, heading };
}
