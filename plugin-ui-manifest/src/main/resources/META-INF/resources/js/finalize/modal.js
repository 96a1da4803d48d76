/** How the pages open the Finalize dialog: as the manifest does. */
export const FINALIZE_MODAL = { url: 'index.html#/finalize', size: { width: 720, height: 590 } };

/** How they open the dialogs that pause, resume, cancel and discard. */
export const stepModal = step => ({ url: `index.html#/${step}`, size: { width: 576, height: 340 } });

/** How they open the wizard that runs a VM from a backup. */
export const RUN_MODAL = { url: 'index.html#/run', size: { width: 720, height: 560 } };
