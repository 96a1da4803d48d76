import { element } from '../dom/element.js';

/** The receipt of a finalization for people: what each disk consists of, and its digest. */
export function receiptElement(receipt, { text, format, client }) {
    const section = element('section', 'vf-receipt');
    section.append(element('h2', '', text('receipt.title')));
    const list = element('dl');
    const add = (name, value) => list.append(element('dt', '', name), element('dd', '', value));
    add(text('receipt.id'), receipt.finalization);
    if (receipt.backup) add(text('need.backup'), `${receipt.backup.location} (${receipt.backup.format})`);
    add(text('receipt.sealed'), client.formatTime(Date.parse(receipt.sealedAt)));
    add(text('receipt.verified'), text(receipt.verified ? 'receipt.verified.yes' : 'receipt.verified.no'));
    receipt.disks.forEach(disk => {
        const { blocks, tree } = disk;
        const parts = blocks ? text('receipt.blocks', {
            backup: format.bytes(blocks.backup * blocks.size), guest: format.bytes(blocks.guest * blocks.size),
            zeros: format.bytes(blocks.zeros * blocks.size),
        }) : '';
        add(disk.name, [format.bytes(disk.sizeBytes), parts, tree && `${tree.hash} ${tree.root.slice(0, 16)}…`]
            .filter(Boolean).join(' · '));
    });
    section.append(list, element('p', 'vf-what', text('receipt.command')),
        element('code', '', `vm-finalize receipt ${receipt.finalization} --file receipt.json`));
    return section;
}
