const TILE_PIXELS = 32;
const SHOWN_PIXELS = 16;

/** An icon of the class `icon`: { url } of a picture, or a tile per theme of a plugin's sprite sheet. */
export function iconElement(icon) {
    const element = document.createElement('span');
    element.className = 'icon';
    if (icon?.url) element.append(picture(icon.url));
    if (icon?.light) element.append(tile(icon.light, 'in-light'), tile(icon.dark, 'in-dark'));
    return element;
}

/** The icon of an inventory object: that of the extension which manages it, else that of its type; and its power. */
export function objectIcon(lab, object, size = 'small') {
    const kind = lab.managedKind(object);
    const usual = `/images/${USUAL[object.type] ?? 'folder'}.svg`;
    const element = iconElement({
        url: kind ? `/lab/icons/${encodeURIComponent(kind.extensionKey)}/${encodeURIComponent(kind.type)}/${size}` : usual,
    });
    element.firstElementChild.onerror = event => { event.target.src = usual; };
    element.dataset.icon = kind ? 'managed' : 'usual';
    if (object.powerState === 'poweredOn') {
        const badge = picture('/images/powered-on.svg');
        badge.className = 'badge-on';
        badge.alt = 'powered on';
        element.append(badge);
    }
    return element;
}

const USUAL = {
    VirtualMachine: 'vm',
    Datacenter: 'datacenter',
    HostSystem: 'host',
    Datastore: 'datastore',
    Network: 'network',
};

function picture(url) {
    const image = document.createElement('img');
    image.src = url;
    image.alt = '';
    return image;
}

function tile({ url, x, y }, className) {
    const scale = SHOWN_PIXELS / TILE_PIXELS;
    const element = document.createElement('span');
    element.className = `tile ${className}`;
    element.style.backgroundImage = `url("${encodeURI(url)}")`;
    element.style.backgroundSize = `${SHOWN_PIXELS}px auto`;
    element.style.backgroundPosition = `${-x * scale}px ${-y * scale}px`;
    return element;
}
