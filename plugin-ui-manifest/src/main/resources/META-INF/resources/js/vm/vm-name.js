/** vCenter's limit for the name of a virtual machine, in UTF-16 units as it counts them. */
export const MAX_NAME_LENGTH = 80;

/** Control and format characters, line and paragraph separators, halves of surrogate pairs. */
const NOT_IN_A_NAME = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/**
 * What is wrong with the name of a virtual machine: the key of a message, or undefined when it is fine.
 *
 * Whether the name is still free only vCenter knows; it is asked when the finalization starts.
 */
export function nameFault(name) {
    if (NOT_IN_A_NAME.test(name)) return 'name.control';
    const text = name.trim();
    if (text === '') return 'name.empty';
    return text.length > MAX_NAME_LENGTH ? 'name.long' : undefined;
}
