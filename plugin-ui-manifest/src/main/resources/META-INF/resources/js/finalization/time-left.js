/** The time that is left, in words: a range, as long as its ends differ. */
export function timeLeftText({ secondsLeftAtLeast, secondsLeft }, text, format) {
    const most = format.duration(secondsLeft);
    const least = format.duration(secondsLeftAtLeast ?? secondsLeft);
    return least === most ? most : text('time.range', { least, most });
}
