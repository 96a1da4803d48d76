/** vCenter's limit for the name of a virtual machine, in characters. */
export const MAX_NAME_LENGTH = 80;

/**
 * What is wrong with the name of a virtual machine: the key of a message, or undefined when it is fine.
 *
 * Whether the name is still free only vCenter knows; it is asked when the finalization starts.
 */
export function nameFault(name) {
    const text = name.trim();
    if (text === '') return 'name.empty';
    if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) return 'name.control';
    return lengthInVCenter(text) > MAX_NAME_LENGTH ? 'name.long' : undefined;
}

/** vCenter keeps `%`, `/` and `\` escaped, as three characters each. */
function lengthInVCenter(text) {
    return [...text].reduce((length, character) => length + ('%/\\'.includes(character) ? 3 : 1), 0);
}
