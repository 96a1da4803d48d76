/** What a finalization waits for, as in the other languages; the server's own line tells of files and errors alone. All else it says in English itself. */
export default {
    'waits-backup': 'The backup cannot be read; it goes on by itself. ({detail})',
    'waits-space': 'The datastore is full; make room, then it goes on by itself. ({detail})',
    'waits-datastore': 'The datastore does not answer as it should; it goes on by itself. ({detail})',
    'waits-vcenter': 'vCenter has still to be told; that is tried again. ({detail})',
};
