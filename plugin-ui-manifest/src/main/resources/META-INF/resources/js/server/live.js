/** While the server tells of changes, a view asks rarely by itself; else often. */
const TOLD_MILLISECONDS = 15_000;
const ASKING_MILLISECONDS = 3000;
/** Of many changes at once, one refresh. */
const GATHER_MILLISECONDS = 500;
const RECONNECT_MILLISECONDS = 5000;

/**
 * Keeps a view up to date: refreshes it when the server tells of a change, and now and then by itself.
 *
 *   const live = new Live(server, async isNewest => { … if (isNewest()) show(…); return allIsWell; });
 *   live.start(); live.refresh(); live.stop();
 *
 * The work says whether all went well; if not, it is done again soon. It must not throw. A third argument tells of an event
 * whether the view is concerned.
 */
export class Live {
    #server;
    #work;
    #isConcerned;
    #timer;
    #refreshes = 0;
    #told = false;
    #soon = false;
    #over = new AbortController();

    constructor(server, work, isConcerned = () => true) {
        this.#server = server;
        this.#work = work;
        this.#isConcerned = isConcerned;
    }

    start() {
        this.refresh();
        this.#follow();
    }

    stop() {
        clearTimeout(this.#timer);
        this.#over.abort();
    }

    /** Of refreshes that overlap only the last one shows something and sets the clock for the next. */
    async refresh() {
        const refresh = ++this.#refreshes;
        const isNewest = () => refresh === this.#refreshes && !this.#over.signal.aborted;
        this.#soon = false;
        clearTimeout(this.#timer);
        const allIsWell = await this.#work(isNewest);
        if (isNewest() && !this.#soon) this.#again(this.#told && allIsWell ? TOLD_MILLISECONDS : ASKING_MILLISECONDS);
    }

    #again(milliseconds) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.refresh(), milliseconds);
    }

    /** Hears of changes; a stream that ends is opened again behind the last event that came. */
    async #follow() {
        let last;
        while (!this.#over.signal.aborted) {
            try {
                await this.#server.followAll(event => {
                    last = event.id ?? last;
                    this.#told = true;
                    if (!this.#isConcerned(event)) return;
                    // Events that come one upon the other must not put the refresh off for ever.
                    if (!this.#soon) this.#again(GATHER_MILLISECONDS);
                    this.#soon = true;
                }, last, this.#over.signal);
            } catch (problem) {
                // A server that has no such stream is asked again and again by the clock above.
                if (problem.status === 404) return;
            }
            this.#told = false;
            await new Promise(resolve => { setTimeout(resolve, RECONNECT_MILLISECONDS); });
        }
    }
}
