/** The client's part of a dialog: title bar, X and frame. The page inside draws all the rest. */
export function modalBox(title, { width, height }, closed) {
    const dialog = document.createElement('dialog');
    dialog.innerHTML = '<div class="title-bar"><h2></h2><button type="button" aria-label="Close">✕</button></div>';
    const heading = dialog.querySelector('h2');
    heading.textContent = title;
    heading.id = 'modal-title';
    dialog.setAttribute('aria-labelledby', heading.id);

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
            if (options.height !== undefined) frame.style.height = `${options.height}px`;
        },
    };
}
