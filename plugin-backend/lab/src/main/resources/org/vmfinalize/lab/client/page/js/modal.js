/** The client's part of a dialog: title bar, X and frame. The page inside draws all the rest. */
export function modalBox({ title, accessibilityTitle, closable = true, size: { width, height } }, closed) {
    const { dialog, heading } = build(title);
    const name = words => {
        if (!words) return;
        dialog.removeAttribute('aria-labelledby');
        dialog.setAttribute('aria-label', words);
    };
    name(accessibilityTitle);
    dialog.querySelector('button').hidden = !closable;
    dialog.oncancel = event => { if (!closable) event.preventDefault(); };

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
            name(options.accessibilityTitle);
            if (options.height !== undefined) frame.style.height = `${options.height}px`;
        },
    };
}

/** A question of the client's own: { title?, content, buttons: [{ label, style }] }; tells which button was pressed. */
export function confirmationBox({ title = '', content, buttons }, answered) {
    const { dialog } = build(title);
    dialog.classList.add('confirmation');
    let pressed;
    const words = document.createElement('p');
    words.textContent = content;
    const footer = document.createElement('footer');
    footer.append(...buttons.map(({ label, style }, index) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = `btn btn-${style ?? 'outline'}`;
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

function build(title) {
    const dialog = document.createElement('dialog');
    dialog.innerHTML = '<div class="title-bar"><h2 id="modal-title"></h2><button type="button" aria-label="Close">✕</button></div>';
    const heading = dialog.querySelector('h2');
    heading.textContent = title;
    dialog.setAttribute('aria-labelledby', heading.id);
    return { dialog, heading };
}
